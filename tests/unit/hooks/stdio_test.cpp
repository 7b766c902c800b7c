#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <string>

#include "catch.hpp"
#include "pairs.hpp"
#include "request_fibers.hpp"
#include "temporary_folder.hpp"

using namespace std::chrono_literals;

extern "C" {
char* __fgets_chk(char*, size_t, int, FILE*);
size_t __fread_chk(void*, size_t, size_t, size_t, FILE*);
}

namespace {

struct Closer {
  void operator()(FILE* stream) const { ::fclose(stream); }
};
using Stream = std::unique_ptr<FILE, Closer>;

Stream stream_on(base::UniqueFd descriptor) { return Stream(::fdopen(descriptor.release(), "r")); }

void write_text(int descriptor, const std::string& text) { ::write(descriptor, text.data(), text.size()); }

// A line, by each of the calls that read one or could.
using Way = std::string (*)(FILE* stream);

std::string by_fgets(FILE* stream) {
  std::array<char, 100> line{};
  return ::fgets(line.data(), line.size(), stream) ? line.data() : "";
}

std::string by_checked_fgets(FILE* stream) {
  std::array<char, 100> line{};
  return __fgets_chk(line.data(), line.size(), line.size(), stream) ? line.data() : "";
}

std::string by_getline(FILE* stream) {
  char* line = nullptr;
  size_t room = 0;
  const ssize_t size = ::getline(&line, &room, stream);
  std::string text(line ? line : "", size > 0 ? static_cast<std::size_t>(size) : 0);
  ::free(line);
  return text;
}

std::string by_getdelim(FILE* stream) {
  size_t room = 2;
  auto* line = static_cast<char*>(::malloc(room));
  const ssize_t size = ::getdelim(&line, &room, '\n', stream);
  std::string text(line, size > 0 ? static_cast<std::size_t>(size) : 0);
  ::free(line);
  return text;
}

template <int (*get)(FILE*)>
std::string by(FILE* stream) {
  std::string line;
  for (int c = 0; c != '\n' && (c = get(stream)) != EOF;) line += static_cast<char>(c);
  return line;
}

// These two know that each line has eight characters.
std::string by_fread(FILE* stream) {
  std::array<char, 8> line{};
  return {line.data(), 4 * ::fread(line.data(), 4, 2, stream)};
}

std::string by_checked_fread(FILE* stream) {
  std::array<char, 8> line{};
  return {line.data(), __fread_chk(line.data(), line.size(), 1, 8, stream)};
}

constexpr std::array<Way, 8> kWays = {by_fgets,   by_checked_fgets, by_getline, by_getdelim,
                                      by<::getc>, by<::fgetc>,      by_fread,   by_checked_fread};

}  // namespace

TEST_CASE("a hundred fibers read lines that come in pieces, each its own") {
  const Way way = kWays[GENERATE(range(std::size_t{0}, kWays.size()))];
  std::vector<Pair> pairs;
  std::vector<Stream> streams;
  for (int i = 0; i < 100; ++i) {
    pairs.push_back(i % 2 ? pipe_pair() : socket_pair(SOCK_STREAM));
    streams.push_back(stream_on(std::move(pairs.back().ours)));
  }
  int right = 0;
  std::vector<std::function<void()>> bodies;
  for (std::size_t i = 0; i < 100; ++i) {
    bodies.emplace_back([&, i] {
      FILE* const stream = streams[i].get();
      const std::string number = std::to_string(100 + i);
      if (way(stream) == "line" + number + "\n" && way(stream) == "more" + number + "\n" &&
          way(stream).empty() && ::feof(stream))
        ++right;
    });
  }
  bodies.emplace_back([&] {
    for (const char* const piece : {"li", "ne", "", "mo", "re"}) {
      for (std::size_t i = 0; i < 100; ++i) {
        write_text(pairs[i].theirs.get(), *piece ? piece : std::to_string(100 + i) + "\n");
      }
      ::usleep(1'000);
    }
    for (std::size_t i = 0; i < 100; ++i) {
      write_text(pairs[i].theirs.get(), std::to_string(100 + i) + "\n");
      pairs[i].theirs.reset();
    }
  });
  on_request_fibers(bodies);
  CHECK(right == 100);
}

TEST_CASE("what twenty commands say is read side by side") {
  int right = 0;
  const auto time = on_request_fibers(20, [&](int) {
    FILE* const command = ::popen("sleep 0.3; echo done", "r");
    std::array<char, 100> line{};
    if (command && ::fgets(line.data(), line.size(), command) && std::string(line.data()) == "done\n")
      ++right;
    ::pclose(command);
  });
  CHECK(right == 20);
  CHECK(time < 4s);
}

TEST_CASE("fibers that read from one stream each get whole lines") {
  Pair pipe = pipe_pair();
  const Stream stream = stream_on(std::move(pipe.ours));
  int whole = 0;
  std::vector<std::function<void()>> bodies;
  for (int i = 0; i < 20; ++i) {
    bodies.emplace_back([&] {
      if (by_fgets(stream.get()) == "abcdefg\n") ++whole;
    });
  }
  bodies.emplace_back([&] {
    std::string text;
    for (int i = 0; i < 20; ++i) text += "abcdefg\n";
    for (std::size_t i = 0; i < text.size(); i += 5) {
      write_text(pipe.theirs.get(), text.substr(i, 5));
      ::sched_yield();
      ::sched_yield();
    }
    pipe.theirs.reset();
  });
  on_request_fibers(bodies);
  CHECK(whole == 20);
}

TEST_CASE("lines longer than any buffer come whole") {
  Pair pipe = pipe_pair();
  const Stream stream = stream_on(std::move(pipe.ours));
  const std::string text(300'000, 'x');
  std::string line;
  std::string rest;
  on_request_fibers({[&] {
                       line = by_getline(stream.get());
                       rest = by_getline(stream.get());
                     },
                     [&] {
                       write_text(pipe.theirs.get(), text + "\nrest");
                       pipe.theirs.reset();
                     }});
  CHECK((line == text + "\n"));
  CHECK(rest == "rest");
}

TEST_CASE("streams on files, in memory and without a buffer are read as ever") {
  const TemporaryFolder folder;
  const std::string path = folder.write("file", "first\nsecond");
  std::string from_file;
  std::string from_memory;
  std::string unbuffered;
  int pushed_back = 0;
  on_request_fibers(1, [&](int) {
    const Stream file(::fopen(path.c_str(), "r"));
    for (const Way way : {by_getline, by_fgets, by_fgets}) from_file += way(file.get());
    char text[] = "memory\n";
    const Stream memory(::fmemopen(text, sizeof text - 1, "r"));
    from_memory = by_fgets(memory.get());
    Pair pipe = pipe_pair();
    write_text(pipe.theirs.get(), "ab\ncd\n");
    const Stream stream = stream_on(std::move(pipe.ours));
    ::setvbuf(stream.get(), nullptr, _IONBF, 0);
    for (const Way way : {by_fgets, by_getline}) unbuffered += way(stream.get());
    ::ungetc('x', stream.get());
    pushed_back = ::getc(stream.get());
  });
  CHECK(from_file == "first\nsecond");
  CHECK(from_memory == "memory\n");
  CHECK(unbuffered == "ab\ncd\n");
  CHECK(pushed_back == 'x');
}

TEST_CASE("errors and limits of a stream's descriptor are told as by the real calls") {
  Pair non_blocking = socket_pair(SOCK_STREAM | SOCK_NONBLOCK);
  Pair limited = socket_pair(SOCK_STREAM);
  const timeval limit{0, 20'000};
  ::setsockopt(limited.ours.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  const Stream first = stream_on(std::move(non_blocking.ours));
  const Stream second = stream_on(std::move(limited.ours));
  const Stream only_to_write(::fopen("/dev/null", "w"));
  std::array<int, 3> results{};
  std::array<int, 3> errors{};
  const auto time = on_request_fibers(1, [&](int) {
    const std::array streams = {first.get(), second.get(), only_to_write.get()};
    for (std::size_t i = 0; i < 3; ++i) {
      errno = 0;
      results[i] = ::getc(streams[i]);
      errors[i] = errno;
    }
  });
  CHECK(results == std::array<int, 3>{EOF, EOF, EOF});
  CHECK(errors == std::array<int, 3>{EAGAIN, EAGAIN, EBADF});
  CHECK(::ferror(second.get()));
  CHECK(time >= 20ms);
}
