#include "runtime/send_file.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include <functional>
#include <memory>
#include <string>

#include "catch.hpp"
#include "scope_exit.hpp"
#include "temporary_folder.hpp"
#include "worker_thread.hpp"

using namespace std::chrono_literals;

namespace {

// A stream whose other end is the test's, and a file to send over it.
struct Sending {
  explicit Sending(WorkerThread& on) : Sending(on, ends()) {}

  void file_is(const std::string& text) {
    file.reset(::open(folder.write("file", text).c_str(), O_RDWR | O_CLOEXEC));
    REQUIRE(file);
  }

  std::error_code send(std::uint64_t offset, std::uint64_t size, runtime::Duration patience = 5s) {
    return runtime::send_file(*server, {file.get(), offset, size}, patience, worker.pools.disk);
  }

  // All that comes until the server's end is closed.
  std::string receive_all() {
    std::string all;
    char buffer[70'000];
    for (;;) {
      const auto result = client->read(buffer, runtime::Clock::now() + 5s);
      REQUIRE_FALSE(result.error);
      if (result.size == 0) return all;
      all.append(buffer, result.size);
    }
  }

  // What comes of sending this part while the client reads.
  std::string received_of(std::uint64_t offset, std::uint64_t size) {
    runtime::spawn(worker.stacks, [this, offset, size] {
      error = send(offset, size);
      server->shut_down_writing();
    });
    return receive_all();
  }

  WorkerThread& worker;
  TemporaryFolder folder;
  base::UniqueFd file;
  std::unique_ptr<runtime::Stream> server, client;
  std::error_code error = std::make_error_code(std::errc::interrupted);

 private:
  struct Ends {
    int of[2];
  };
  static Ends ends() {
    Ends ends{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.of) == 0);
    return ends;
  }
  Sending(WorkerThread& on, Ends ends)
      : worker(on),
        server(std::make_unique<runtime::Stream>(on.reactor, base::UniqueFd(ends.of[0]))),
        client(std::make_unique<runtime::Stream>(on.reactor, base::UniqueFd(ends.of[1]))) {}
};

void sending(const std::function<void(Sending&)>& test) {
  on_worker_thread([&](WorkerThread& worker) {
    Sending it(worker);
    test(it);
  });
}

// Text in which every place can be told from the others.
std::string counted(std::size_t size) {
  std::string text;
  for (int i = 0; text.size() < size; ++i) text += std::to_string(i) + ' ';
  text.resize(size);
  return text;
}

}  // namespace

TEST_CASE("the part of a file that was asked for goes out, and the file's position stays") {
  sending([](Sending& it) {
    it.file_is("0123456789");
    CHECK(it.received_of(2, 5) == "23456");
    CHECK_FALSE(it.error);
    CHECK(::lseek(it.file.get(), 0, SEEK_CUR) == 0);
  });
}

TEST_CASE("a part of nothing needs no file") {
  sending([](Sending& it) { CHECK_FALSE(it.send(0, 0)); });
}

TEST_CASE("a file larger than the kernel takes waits for the reader and loses nothing") {
  sending([](Sending& it) {
    const std::string text = counted(5'000'000);
    it.file_is(text);
    CHECK((it.received_of(1, 4'999'999) == text.substr(1)));
    CHECK_FALSE(it.error);
  });
}

TEST_CASE("a file that lies on the disk alone comes whole") {
  sending([](Sending& it) {
    const std::string text = counted(3'000'000);
    it.file_is(text);
    ::fsync(it.file.get());
    ::posix_fadvise(it.file.get(), 0, 0, POSIX_FADV_DONTNEED);
    CHECK((it.received_of(0, text.size()) == text));
    CHECK_FALSE(it.error);
  });
}

TEST_CASE("a file that the kernel can't send by itself is copied") {
  sending([](Sending& it) {
    // There is no sendfile(2) of a process's memory, and its places past 2 GiB would be refused for another
    // reason.
    constexpr std::size_t kSize = 200'000;
    void* const near = reinterpret_cast<void*>(0x1000'0000);
    void* const memory = ::mmap(near, kSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    const test::ScopeExit unmap([&] { ::munmap(memory, kSize); });
    const auto place = reinterpret_cast<std::uintptr_t>(memory);
    REQUIRE(place + kSize < 0x8000'0000);
    const std::string text = counted(kSize);
    text.copy(static_cast<char*>(memory), kSize);
    it.file.reset(::open("/proc/self/mem", O_RDONLY | O_CLOEXEC));
    REQUIRE(::sendfile(it.server->fd(), it.file.get(), nullptr, 1) < 0);
    CHECK((it.received_of(place, kSize) == text));
    CHECK_FALSE(it.error);
  });
}

TEST_CASE("a file that ends too early is told from one that was sent") {
  sending([](Sending& it) {
    it.file_is("0123456789");
    CHECK(it.received_of(5, 6) == "56789");
    CHECK(it.error == std::errc::no_message_available);
  });
}

TEST_CASE("what can't be read is an error of the file, whatever the kernel calls it") {
  sending([](Sending& it) {
    CHECK(it.send(0, 1) == std::errc::io_error);  // EBADF
    it.file.reset(::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    CHECK(it.send(0, 1) == std::errc::io_error);  // EISDIR
    it.file_is("0123456789");
    CHECK(it.received_of(2, 5) == "23456");  // none of the peer's
  });
}

TEST_CASE("sending a file gives up on a reader that does not read") {
  sending([](Sending& it) {
    it.file_is(std::string(3'000'000, 'x'));
    CHECK(it.send(0, 3'000'000, 2ms) == std::errc::timed_out);
  });
}

TEST_CASE("sending a file to nobody is a broken pipe") {
  const auto before = ::signal(SIGPIPE, SIG_IGN);
  const test::ScopeExit restore([&] { ::signal(SIGPIPE, before); });
  sending([](Sending& it) {
    it.file_is("x");
    it.client.reset();
    CHECK(it.send(0, 1) == std::errc::broken_pipe);
  });
}

TEST_CASE("a long file does not keep the other fibers from their turns") {
  sending([](Sending& it) {
    it.file_is(std::string(3'000'000, 'x'));
    const int room = 8'000'000;
    REQUIRE(::setsockopt(it.server->fd(), SOL_SOCKET, SO_SNDBUF, &room, sizeof room) == 0);
    bool other_ran = false;
    runtime::spawn(it.worker.stacks, [&] { other_ran = true; });
    it.send(0, 3'000'000, 2ms);
    CHECK(other_ran);
  });
}
