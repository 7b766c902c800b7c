#include "worker/stack_sampler.hpp"

#include <pthread.h>

#include <algorithm>
#include <future>
#include <optional>
#include <thread>

#include "base/alternate_stack.hpp"
#include "catch.hpp"
#include "observe/symboliser.hpp"

namespace {

using namespace std::chrono_literals;

// Names that a stack trace must show.
[[gnu::noinline]] void spin_until(const std::atomic<bool>& told) {
  while (!told) {
  }
}

[[gnu::noinline]] void dig(int depth, const std::atomic<bool>& told) {
  volatile char frame[64]{};
  if (depth == 0) {
    spin_until(told);
  } else {
    dig(depth - 1, told);
  }
  frame[0] = frame[1];  // keeps the frame: this is no tail call
}

// A thread that can be sampled and runs `body` until it is told to end.
class Sampled {
 public:
  explicit Sampled(std::function<void(const std::atomic<bool>& told)> body) {
    std::promise<void> ready;
    thread_ = std::thread([&, body = std::move(body)] {
      const base::AlternateStack handlers_stack;
      sampler_.emplace(turns);
      ready.set_value();
      body(told_);
      sampler_.reset();
    });
    ready.get_future().wait();
  }
  ~Sampled() {
    told_ = true;
    told_.notify_all();
    thread_.join();
  }
  worker::StackSampler& sampler() { return *sampler_; }

  std::atomic<std::uint64_t> turns = 0;

 private:
  std::optional<worker::StackSampler> sampler_;
  std::atomic<bool> told_ = false;
  std::thread thread_;
};

// The lines of the trace, once there is one with `function` in it: the thread may not have got there yet.
std::vector<std::string> lines_with(Sampled& thread, const std::string& function) {
  observe::Symboliser symboliser({});
  for (;;) {
    std::vector<std::string> lines;
    const worker::StackSample* const sample = thread.sampler().take(10s);
    REQUIRE(sample);
    symboliser.print(sample->stack, [&](const std::string& line) { lines.push_back(line); });
    for (const std::string& line : lines) {
      if (line.find(function) != line.npos) return lines;
    }
  }
}

}  // namespace

TEST_CASE("a thread's stack trace begins where it was interrupted, outside the handler") {
  Sampled thread(spin_until);
  const auto lines = lines_with(thread, "spin_until(");
  CAPTURE(lines);
  CHECK(lines.front().find("  #0 ") == 0);
  for (const std::string& line : lines) {
    CHECK(line.find("worker::StackSampler::on_signal") == line.npos);
    CHECK(line.find("observe::StackTrace") == line.npos);
  }
}

TEST_CASE("frames that repeat are one line, and of a deep stack the outer end is left out") {
  Sampled thread([](const std::atomic<bool>& told) { dig(1000, told); });
  const auto lines = lines_with(thread, "spin_until(");
  CAPTURE(lines);
  const auto digs = std::count_if(lines.begin(), lines.end(),
                                  [](const std::string& line) { return line.find("dig(int") != line.npos; });
  CHECK(digs <= 2);  // the last of them, which called spin_until() elsewhere, and those before
  CHECK(lines.back().find("dig(int") != std::string::npos);
  CHECK(lines.back().find("stack_sampler_test.cpp:") != std::string::npos);
  CHECK(lines.back().find(", and again to #63") != std::string::npos);
}

TEST_CASE("a sample tells the turn in which it was taken") {
  Sampled thread(spin_until);
  thread.turns = 41;
  const worker::StackSample* const sample = thread.sampler().take(10s);
  REQUIRE(sample);
  CHECK(sample->turns == 41);
}

TEST_CASE("a thread that waits in the kernel is told from one that runs") {
  Sampled running(spin_until);
  CHECK_FALSE(running.sampler().thread_waits());
  Sampled waiting([](const std::atomic<bool>& told) { told.wait(false); });
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  while (!waiting.sampler().thread_waits() && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::yield();
  }
  CHECK(waiting.sampler().thread_waits());
}

TEST_CASE("a thread that blocks signals gives no sample, and the next one once it lets them in") {
  std::atomic<bool> open = false;
  std::promise<void> closed;
  Sampled thread([&](const std::atomic<bool>& told) {
    sigset_t all, before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    closed.set_value();
    spin_until(open);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    spin_until(told);
  });
  closed.get_future().wait();
  CHECK_FALSE(thread.sampler().take(20ms));
  open = true;
  CHECK(thread.sampler().take(10s));
}
