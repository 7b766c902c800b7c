#include "pool.hpp"

#include <poll.h>

#include <utility>

namespace {

// A free connection has nothing to tell but that the server has closed it.
bool is_closed(PGconn* connection) {
  pollfd told{PQsocket(connection), POLLIN, 0};
  return ::poll(&told, 1, 0) != 0;
}

}  // namespace

Pool::Pool(std::string database, std::size_t most) : database_(std::move(database)), most_(most) {
  free_.reserve(most);  // put_back() must not throw
}

Pool::~Pool() {
  for (PGconn* const connection : free_) PQfinish(connection);
}

PGconn* Pool::take() {
  PGconn* connection = nullptr;
  {
    std::unique_lock lock(mutex_);
    one_is_back_.wait(lock, [this] { return in_use_ < most_; });
    ++in_use_;
    if (!free_.empty()) {
      connection = free_.back();
      free_.pop_back();
    }
  }
  if (connection && is_closed(connection)) {
    PQfinish(connection);
    connection = nullptr;
  }
  return connection ? connection : PQconnectdb(database_.c_str());
}

void Pool::put_back(PGconn* connection) {
  const bool good = PQstatus(connection) == CONNECTION_OK;
  if (!good) PQfinish(connection);
  {
    const std::lock_guard lock(mutex_);
    --in_use_;
    if (good) free_.push_back(connection);
  }
  one_is_back_.notify_one();
}
