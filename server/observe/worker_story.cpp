#include "observe/worker_story.hpp"

#include <algorithm>

namespace observe {
namespace {

constexpr std::size_t kToldInFull = 8;

template <std::size_t size>
std::string text(const char (&field)[size]) {
  return std::string(read_note(field, size));
}

// "GET /slow [123-5]"
std::string target_of(const InFlightRequest& request, pid_t pid) {
  return text(request.method) + " " + text(request.path) + " [" + std::to_string(pid) + "-" +
         std::to_string(request.number) + "]";
}

std::string requests(std::size_t count, const char* more) {
  return std::to_string(count) + more + (count == 1 ? " request" : " requests");
}

struct InFlight {
  std::size_t count = 0;
  std::string names;  // of the first ones
};

InFlight others_in_flight(const WorkerSlot& slot, pid_t pid, std::size_t running) {
  InFlight others;
  const std::size_t reached =
      std::min<std::size_t>(slot.reached.load(std::memory_order_acquire), WorkerSlot::kNamed);
  for (std::size_t i = 0; i < reached; ++i) {
    const InFlightRequest& request = slot.requests[i];
    if (i == running || request.used.load(std::memory_order_acquire) == 0) continue;
    if (++others.count > kToldInFull) continue;
    if (!others.names.empty()) others.names += ", ";
    others.names += text(request.plugin) + " " + target_of(request, pid);
  }
  if (others.count > kToldInFull) {
    others.names += " and " + std::to_string(others.count - kToldInFull) + " more";
  }
  return others;
}

}  // namespace

std::string booting_plugin(const WorkerSlot& slot) { return text(slot.booting); }

std::string worker_story(const WorkerSlot& slot, pid_t pid) {
  if (const std::string plugin = booting_plugin(slot); !plugin.empty())
    return " while plugin " + plugin + " started";

  // The slot may be written while we read, or be scribbled over by a plugin gone wild.
  const auto running = static_cast<std::size_t>(slot.running.load(std::memory_order_relaxed));
  const bool ran = running < WorkerSlot::kNamed;
  const InFlight others = others_in_flight(slot, pid, running);

  std::string story;
  if (ran) {
    const InFlightRequest& request = slot.requests[running];
    story = " while plugin " + text(request.plugin) + " ran " + target_of(request, pid);
  }
  if (others.count == 0) return story;
  story += ran ? "; " + requests(others.count, " more") : " with " + requests(others.count, "");
  if (ran) story += others.count == 1 ? " was" : " were";
  return story + " in flight: " + others.names;
}

}  // namespace observe
