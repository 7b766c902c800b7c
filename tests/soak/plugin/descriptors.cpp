// Pipes, sockets, polling and files: every byte arrives, in order.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <thread>
#include <vector>

#include "operations.hpp"

namespace soak {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) { require(fd >= 0, "no descriptor: " + std::to_string(errno)); }
  ~Descriptor() { ::close(fd_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  const int fd_;
};

struct Ends {
  std::unique_ptr<Descriptor> in, out;
};

Ends pipe_ends() {
  std::array<int, 2> ends{};
  require(::pipe2(ends.data(), O_CLOEXEC) == 0, "no pipe");
  return {std::make_unique<Descriptor>(ends[0]), std::make_unique<Descriptor>(ends[1])};
}

Ends socket_ends() {
  std::array<int, 2> ends{};
  require(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0, "no socket pair");
  return {std::make_unique<Descriptor>(ends[0]), std::make_unique<Descriptor>(ends[1])};
}

// By a real listener on the loopback.
Ends tcp_ends() {
  const Descriptor listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  require(::bind(listener.get(), any, size) == 0 && ::listen(listener.get(), 1) == 0 &&
              ::getsockname(listener.get(), any, &size) == 0,
          "no listener");
  auto out = std::make_unique<Descriptor>(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  require(::connect(out->get(), any, size) == 0, "connect failed: " + std::to_string(errno));
  return {std::make_unique<Descriptor>(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC)),
          std::move(out)};
}

std::vector<unsigned char> bytes(Dice& dice, std::size_t size) {
  std::vector<unsigned char> made(size);
  auto value = static_cast<unsigned char>(dice.roll(256));
  for (auto& byte : made) byte = value = static_cast<unsigned char>(value * 13 + 7);
  return made;
}

void write_all(int out, const std::vector<unsigned char>& data, bool by_pieces) {
  for (std::size_t done = 0; done < data.size();) {
    const std::size_t size =
        by_pieces ? std::min<std::size_t>(data.size() - done, 1'000) : data.size() - done;
    const ssize_t wrote = ::write(out, data.data() + done, size);
    require(wrote > 0, "write failed: " + std::to_string(errno));
    done += static_cast<std::size_t>(wrote);
  }
}

// One way of reading, of at least a byte where there is no end yet.
ssize_t read_some(int in, int way, unsigned char* data, std::size_t size) {
  switch (way) {
    case 0:
      return ::read(in, data, size);
    case 1: {
      std::array<iovec, 2> pieces{iovec{data, size / 2}, iovec{data + size / 2, size - size / 2}};
      return ::readv(in, pieces.data(), 2);
    }
    case 2: {
      pollfd ready{in, POLLIN, 0};
      require(::poll(&ready, 1, 10'000) == 1, "poll gave up");
      return ::read(in, data, size);
    }
    default: {
      const Descriptor set(::epoll_create1(EPOLL_CLOEXEC));
      epoll_event event{};
      event.events = EPOLLIN;
      require(::epoll_ctl(set.get(), EPOLL_CTL_ADD, in, &event) == 0, "epoll_ctl failed");
      require(::epoll_wait(set.get(), &event, 1, 10'000) == 1, "epoll_wait gave up");
      return ::read(in, data, size);
    }
  }
}

void through(Dice& dice, Ends ends) {
  const auto data = bytes(dice, static_cast<std::size_t>(1 + dice.roll(300'000)));
  const int way = dice.roll(4);
  const bool by_pieces = dice.roll(2) == 0;
  std::vector<unsigned char> got;
  const auto read_all = [&] {
    std::array<unsigned char, 8'192> block;
    for (;;) {
      const ssize_t size = read_some(ends.in->get(), way, block.data(), block.size());
      require(size >= 0, "read failed: " + std::to_string(errno));
      if (size == 0) break;
      got.insert(got.end(), block.begin(), block.begin() + size);
      if (dice.roll(20) == 0) pause(dice);
    }
  };
  // A thread at the other end, which blocks as threads do; on either side. Both use the same dice, one each.
  Dice own(static_cast<std::uint64_t>(dice.roll(1 << 30)));
  std::string failure;
  std::thread writer([&] {
    try {
      if (own.roll(2) == 0) pause(own);
      write_all(ends.out->get(), data, by_pieces);
    } catch (const std::exception& error) {
      failure = error.what();
    }
    ends.out.reset();
  });
  try {
    read_all();
  } catch (const std::exception& error) {
    failure += error.what();
    ends.in.reset();
  }
  writer.join();
  require(failure.empty(), failure);
  require(got == data, "bytes were lost or changed");
}

void through_a_pipe(Dice& dice) { through(dice, pipe_ends()); }
void through_a_socket(Dice& dice) { through(dice, socket_ends()); }
void through_tcp(Dice& dice) { through(dice, tcp_ends()); }

void waits_for_all(Dice& dice) {
  const Ends ends = socket_ends();
  const auto data = bytes(dice, static_cast<std::size_t>(1 + dice.roll(20'000)));
  std::thread writer([&] {
    for (const unsigned char byte : std::span(data).first(std::min<std::size_t>(data.size(), 10))) {
      ::send(ends.out->get(), &byte, 1, 0);
      ::usleep(100);
    }
    for (std::size_t done = std::min<std::size_t>(data.size(), 10); done < data.size();) {
      const ssize_t sent = ::send(ends.out->get(), data.data() + done, data.size() - done, 0);
      if (sent <= 0) break;
      done += static_cast<std::size_t>(sent);
    }
  });
  std::vector<unsigned char> got(data.size());
  const ssize_t size = ::recv(ends.in->get(), got.data(), got.size(), MSG_WAITALL);
  writer.join();
  require(size == static_cast<ssize_t>(data.size()) && got == data, "MSG_WAITALL did not wait for all");
}

void gives_up_in_time(Dice& dice) {
  const Ends ends = socket_ends();
  const timeval limit{0, 1'000 + dice.roll(5'000)};
  ::setsockopt(ends.in->get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  char byte;
  require(::recv(ends.in->get(), &byte, 1, 0) == -1 && errno == EAGAIN, "SO_RCVTIMEO has no effect");
}

void keeps_a_file(Dice& dice) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::tmpfile(), std::fclose);
  require(file != nullptr, "no temporary file");
  const int fd = ::fileno(file.get());
  const auto data = bytes(dice, static_cast<std::size_t>(1 + dice.roll(100'000)));
  require(::flock(fd, LOCK_EX) == 0, "flock failed");
  write_all(fd, data, dice.roll(2) == 0);
  if (dice.roll(4) == 0) require(::fsync(fd) == 0, "fsync failed");
  std::vector<unsigned char> got(data.size() + 1);
  require(::lseek(fd, 0, SEEK_SET) == 0, "lseek failed");
  const ssize_t size = ::read(fd, got.data(), got.size());
  require(size == static_cast<ssize_t>(data.size()), "a file was read short");
  got.resize(data.size());
  require(got == data, "a file has changed");
}

constexpr Operation kTable[] = {{"pipe", through_a_pipe},      {"socket", through_a_socket},
                                {"tcp", through_tcp},          {"waitall", waits_for_all},
                                {"timeout", gives_up_in_time}, {"file", keeps_a_file}};

}  // namespace

const std::span<const Operation> kDescriptors = kTable;

}  // namespace soak
