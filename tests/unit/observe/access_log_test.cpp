#include "observe/access_log.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <climits>
#include <fstream>
#include <sstream>
#include <string>

#include "catch.hpp"
#include "temporary_folder.hpp"

using Catch::Matchers::ContainsSubstring;
using observe::AccessLog;
using observe::AccessLogFormat;

namespace {

struct Entry final : observe::AccessEntry {
  explicit Entry(std::string_view text) { line = text; }
  std::string_view request_field(std::string_view) const override { return {}; }
  std::string_view response_field(std::string_view) const override { return {}; }
};

const AccessLogFormat& line_alone() {
  static const auto format = AccessLogFormat::parse("%(r)s");
  return format;
}

std::string text_of(const std::string& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

std::string read_from(int fd) {
  std::array<char, 65536> text;
  const ssize_t size = ::read(fd, text.data(), text.size());
  return {text.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
}

// Both ends of a pipe or a pair of sockets.
struct Ends {
  base::UniqueFd reader, writer;
};
Ends pipe_ends() {
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0);
  return {base::UniqueFd(ends[0]), base::UniqueFd(ends[1])};
}
Ends socket_ends() {
  int ends[2];
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
  return {base::UniqueFd(ends[0]), base::UniqueFd(ends[1])};
}

}  // namespace

TEST_CASE("lines are added to what is in the file, by all who write to it") {
  TemporaryFolder folder;
  const std::string file = folder.write("access.log", "before\n");
  const base::UniqueFd one = observe::open_access_log(file), other = observe::open_access_log(file);
  AccessLog first(one.get(), line_alone()), second(other.get(), line_alone());
  first.write(Entry("one"));
  second.write(Entry("two"));
  first.write(Entry(std::string(10'000, 'x')));
  second.write(Entry("three"));
  CHECK(text_of(file) == "before\none\ntwo\n" + std::string(10'000, 'x') + "\nthree\n");
}

TEST_CASE("a file that can't be opened is an error that says what to do") {
  TemporaryFolder folder;
  CHECK_THROWS_WITH(observe::open_access_log(folder / "none/access.log"),
                    ContainsSubstring("none/access.log") && ContainsSubstring("make its folder"));
  CHECK_THROWS_WITH(observe::open_access_log(folder / ""), ContainsSubstring("Is a directory"));
  const std::string pipe = folder / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  CHECK_THROWS_WITH(observe::open_access_log(pipe), ContainsSubstring("start its reader first"));
}

TEST_CASE("a full disk costs lines and nothing else") {
  const base::UniqueFd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  REQUIRE(full);
  AccessLog log(full.get(), line_alone());
  for (int i = 0; i < 3; ++i) log.write(Entry("lost"));
}

TEST_CASE("a reader that does not keep up holds up nobody, and gets whole lines") {
  const Ends ends = GENERATE(0, 1) == 0 ? pipe_ends() : socket_ends();
  AccessLog log(ends.writer.get(), line_alone());
  const std::string line(1000, 'x');
  for (int i = 0; i < 2000; ++i) log.write(Entry(line));  // more than there is room for
  std::string text;
  ::fcntl(ends.reader.get(), F_SETFL, O_NONBLOCK);
  for (std::string piece = read_from(ends.reader.get()); !piece.empty();
       piece = read_from(ends.reader.get())) {
    text += piece;
  }
  REQUIRE_FALSE(text.empty());
  CHECK(text.size() % (line.size() + 1) == 0);
  log.write(Entry("after"));
  CHECK(read_from(ends.reader.get()) == "after\n");
}

TEST_CASE("a line that a pipe would not take in one piece is cut") {
  const Ends ends = pipe_ends();
  AccessLog log(ends.writer.get(), line_alone());
  log.write(Entry(std::string(PIPE_BUF, 'x')));
  const std::string text = read_from(ends.reader.get());
  CHECK(text.size() == PIPE_BUF);
  CHECK(text.ends_with("xxx...\n"));
}

TEST_CASE("without a file there is no log") { CHECK_FALSE(AccessLog(-1, line_alone()).on()); }
