#include "observe/worker_report.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <string_view>

#include "base/unique_fd.hpp"
#include "catch.hpp"

using base::ExitCode;

namespace {

// Both ends of a worker's channel.
class Channel {
 public:
  Channel() {
    int ends[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
    worker.reset(ends[0]);
    master.reset(ends[1]);
  }

  void write(std::string_view bytes) {
    REQUIRE(::write(worker.get(), bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  }
  std::optional<observe::WorkerReport> receive() {
    return observe::receive_report(master.get(), buffer, ended);
  }

  base::UniqueFd worker, master;
  std::string buffer;
  bool ended = false;
};

}  // namespace

TEST_CASE("a boot report arrives as it was sent") {
  Channel channel;
  CHECK_FALSE(channel.receive());
  observe::send_report(channel.worker.get(),
                       {.code = ExitCode::plugin_load, .reason = "plugin bad.so: not a plugin"});
  const auto report = channel.receive();
  REQUIRE(report);
  CHECK(report->code == ExitCode::plugin_load);
  CHECK(report->reason == "plugin bad.so: not a plugin");
  CHECK_FALSE(channel.ended);
}

TEST_CASE("a boot report without a reason says ready") {
  Channel channel;
  observe::send_report(channel.worker.get(), {});
  const auto report = channel.receive();
  REQUIRE(report);
  CHECK(report->code == ExitCode::clean);
  CHECK(report->reason.empty());
}

TEST_CASE("a boot report is one line whatever its reason") {
  Channel channel;
  observe::send_report(channel.worker.get(), {.code = ExitCode::worker_boot, .reason = "first\nsecond"});
  const auto report = channel.receive();
  REQUIRE(report);
  CHECK(report->reason == "first second");
}

TEST_CASE("a boot report that comes in pieces is put together") {
  Channel channel;
  channel.write("b4 no such");
  CHECK_FALSE(channel.receive());
  channel.write(" file");
  CHECK_FALSE(channel.receive());
  CHECK_FALSE(channel.ended);
  channel.write("\n");
  const auto report = channel.receive();
  REQUIRE(report);
  CHECK(report->reason == "no such file");
}

TEST_CASE("a boot report is heard even when its worker has gone meanwhile") {
  Channel channel;
  observe::send_report(channel.worker.get(), {.code = ExitCode::plugin_load, .reason = "start failed"});
  channel.worker.reset();
  const auto report = channel.receive();
  REQUIRE(report);
  CHECK(report->reason == "start failed");
  CHECK_FALSE(channel.receive());
  CHECK(channel.ended);
}

TEST_CASE("a channel that ends without a report says so") {
  Channel channel;
  channel.write("b4 half a rep");
  channel.worker.reset();
  CHECK_FALSE(channel.receive());
  CHECK(channel.ended);
}

TEST_CASE("what a plugin scribbles into the channel is no ready worker") {
  const std::string_view scribble =
      GENERATE("hello\n", "\n", "b9 ready\n", "b0\n", "b0x ready\n", "b-1 ready\n", "0 ready\n");
  Channel channel;
  channel.write(scribble);
  const auto report = channel.receive();
  REQUIRE(report);
  CHECK(report->code == ExitCode::worker_boot);
}

TEST_CASE("a report without end is not read for ever") {
  Channel channel;
  channel.write(std::string(64 * 1024, 'x'));
  CHECK_FALSE(channel.receive());
  CHECK(channel.ended);
}

TEST_CASE("a report to a master that is gone does not end the worker") {
  Channel channel;
  channel.master.reset();
  observe::send_report(channel.worker.get(), {.code = ExitCode::worker_boot, .reason = "nobody hears"});
  SUCCEED("no SIGPIPE");
}

TEST_CASE("what a worker says later comes behind its boot report, one by one") {
  using Kind = observe::WorkerReport::Kind;
  Channel channel;
  observe::send_report(channel.worker.get(), {});
  observe::send_report(channel.worker.get(), {.kind = Kind::asks_replacement, .reason = "it leaks"});
  observe::send_report(channel.worker.get(), {.kind = Kind::accepts_no_more});
  CHECK(channel.receive()->kind == Kind::booted);
  const auto wish = channel.receive();
  REQUIRE(wish);
  CHECK(wish->kind == Kind::asks_replacement);
  CHECK(wish->reason == "it leaks");
  CHECK(channel.receive()->kind == Kind::accepts_no_more);
  CHECK_FALSE(channel.receive());
  CHECK_FALSE(channel.ended);
}
