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

// Anything but a request's index where none runs. The slot may be written while we read, or be scribbled over
// by a plugin gone wild.
std::size_t running_request(const WorkerSlot& slot) {
  if (slot.crashed_elsewhere) return WorkerSlot::kNamed;
  return static_cast<std::size_t>(slot.running.load(std::memory_order_relaxed));
}

}  // namespace

std::string booting_plugin(const WorkerSlot& slot) { return text(slot.booting); }

std::string running_story(const WorkerSlot& slot, pid_t pid) {
  std::string story;
  if (slot.crashed_elsewhere) {
    story = " on a thread that a plugin had started, or offload() for it";
  } else if (const std::string plugin = booting_plugin(slot); !plugin.empty()) {
    story = " while plugin " + plugin + " started";
  } else if (const std::size_t running = running_request(slot); running < WorkerSlot::kNamed) {
    const InFlightRequest& request = slot.requests[running];
    story = " while plugin " + text(request.plugin) + " ran " + target_of(request, pid);
  }
  const std::uint32_t overflow = slot.overflow.load(std::memory_order_relaxed);
  if (overflow == 0) return story;
  return story + (story.empty() ? " as a fiber" : " and") + " overflowed its stack of " +
         std::to_string(overflow / 1024) +
         "K (put large buffers on the heap, or have the plugin ask for a larger stack_size)";
}

std::string worker_story(const WorkerSlot& slot, pid_t pid) {
  const std::string story = running_story(slot, pid);
  if (!booting_plugin(slot).empty()) return story;
  const std::size_t running = running_request(slot);
  const bool ran = running < WorkerSlot::kNamed;
  const InFlight others = others_in_flight(slot, pid, running);
  if (others.count == 0) return story;
  const std::string in_flight =
      ran ? "; " + requests(others.count, " more") + (others.count == 1 ? " was" : " were")
          : (slot.crashed_elsewhere ? ", with " : " with ") + requests(others.count, "");
  return story + in_flight + " in flight: " + others.names;
}

}  // namespace observe
