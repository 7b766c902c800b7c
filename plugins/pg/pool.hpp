// Open connections to one database, at most so many, which requests use in turn: opening one costs PostgreSQL
// a process. All requests of a worker share the pool, which is written as it would be for threads.
#pragma once

#include <libpq-fe.h>

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <vector>

class Pool {
 public:
  // `database` is what PQconnectdb takes. Nothing is opened yet.
  Pool(std::string database, std::size_t most);
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  // One request's use of a connection, from a free one or a new one; waits where all are in use. Where none
  // could be opened, PQstatus tells.
  class Lease {
   public:
    explicit Lease(Pool& pool) : pool_(pool), connection_(pool.take()) {}
    ~Lease() { pool_.put_back(connection_); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    PGconn* get() const { return connection_; }

   private:
    Pool& pool_;
    PGconn* const connection_;
  };

 private:
  PGconn* take();
  void put_back(PGconn* connection);

  const std::string database_;
  const std::size_t most_;

  std::mutex mutex_;
  std::condition_variable one_is_back_;
  std::vector<PGconn*> free_;  // owned
  std::size_t in_use_ = 0;
};
