#include "master/check.hpp"

#include <poll.h>
#include <signal.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <exception>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/signal_fd.hpp"
#include "master/crew.hpp"
#include "master/generation.hpp"

namespace master {
namespace {

// As many as a worker expects to find blocked; of them only SIGCHLD can come here.
constexpr std::array kSignals = {SIGCHLD, SIGTERM, SIGQUIT};

constexpr std::chrono::seconds kGrace{2};  // from SIGQUIT to SIGKILL

// Waits for something to happen: a report, an end, or a deadline.
void wait(base::SignalFd& signals, const Crew& crew) {
  std::vector<pollfd> sources = {{signals.fd(), POLLIN, 0}};
  for (const int channel : crew.awaited_channels()) sources.push_back({channel, POLLIN, 0});
  using std::chrono::milliseconds;
  const base::TimePoint next = crew.next_deadline();
  const auto left = std::chrono::ceil<milliseconds>(next - base::Clock::now());
  const bool for_ever = next == base::kNever;
  ::poll(sources.data(), sources.size(),
         for_ever ? -1 : static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
  while (signals.next()) {
  }
}

}  // namespace

std::string why_no_worker_boots(const config::Settings& settings, const WorkerMain& worker_main) {
  base::SignalFd signals(kSignals);
  Generation generation{.number = 1, .settings = settings, .plugins = {}, .access_log = {}};
  try {
    generation.plugins = take_snapshots(settings.plugins);
  } catch (const std::exception& error) {
    return error.what();
  }
  Crew crew([&](unsigned index, const Generation& with, base::UniqueFd channel, observe::WorkerSlot& slot) {
    signals.close();
    return worker_main({index, with.number, with.settings, with.plugins, {}, -1, std::move(channel), slot});
  });
  crew.start(0, generation, base::Clock::now());
  Happenings told;
  while (told.empty()) {
    wait(signals, crew);
    const auto now = base::Clock::now();
    crew.hear_reports(now, told);
    crew.reap(now, told);
    crew.meet_deadlines(now, told);
  }
  const std::string reason = told.front().reason;
  crew.end_all(base::Clock::now() + kGrace);
  while (!crew.table().empty()) {
    wait(signals, crew);
    const auto now = base::Clock::now();
    crew.reap(now, told);
    crew.meet_deadlines(now, told);
  }
  return reason;
}

}  // namespace master
