// GET /soak?seed=N does what the seed says; 500 tells what did not hold.
#include <appserver/plugin.hpp>

#include "operations.hpp"

namespace {

const soak::Operation& choose(soak::Dice& dice) {
  const auto of = [&](std::span<const soak::Operation> table) -> const soak::Operation& {
    return table[static_cast<std::size_t>(dice.roll(static_cast<int>(table.size())))];
  };
  const int chance = dice.roll(100);
  if (chance < 25) return of(soak::kSleeps);
  if (chance < 45) return of(soak::kDescriptors);
  if (chance < 80) return of(soak::kLocks);
  if (chance < 96) return of(soak::kThreads);
  return of(soak::kProcesses);
}

appserver::Response run(appserver::Request& request) {
  const auto seed = request.query("seed").required<std::uint64_t>();
  soak::Dice dice(seed);
  std::string done;
  for (int count = 1 + dice.roll(8); count > 0; --count) {
    const soak::Operation& operation = choose(dice);
    done.append(done.empty() ? "" : ", ").append(operation.name);
    try {
      operation.run(dice);
    } catch (const std::exception& error) {
      return appserver::text("seed {} ({}): {}", seed, done, error.what()).status(500);
    }
  }
  return appserver::text("{}", done);
}

}  // namespace

APPSERVER_PLUGIN(app, appserver::thread_local_per_request) { app.name("soak").get("/soak", run); }
