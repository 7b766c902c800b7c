// Shared memory in which each worker notes what it is doing, so that the master can name it when the
// worker hangs or is gone. The master makes it before the first fork; a slot is written by the one worker
// that sits in it and read by the master. Layout: fixed, plain data, no pointers.
#pragma once

#include <sys/types.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace observe {

// One request in flight. Long names are cut.
struct InFlightRequest {
  std::atomic<std::uint32_t> used;  // 0: free
  std::uint32_t number;             // counts the worker's requests; the id in the log is `pid-number`
  char plugin[24];
  char method[8];
  char path[88];
};

struct WorkerSlot {
  static constexpr std::size_t kNamed = 1024;  // requests beyond these are served, but not named
  static constexpr std::int32_t kNone = -1;

  // The reactor's pulse: `turns` grows with each turn; `waiting` is set while the worker waits for events.
  // A worker that neither waits nor turns is held up by a handler.
  std::atomic<std::uint64_t> turns;
  std::atomic<bool> waiting;

  char booting[64];                     // the plugin whose start runs, or ""
  std::atomic<std::int32_t> running;    // index into `requests` of the one whose fiber runs now, or kNone
  std::atomic<std::uint32_t> overflow;  // the size of the fiber's stack that `running` has overflowed, or 0
  std::atomic<bool> crashed_elsewhere;  // on a thread that is not the worker's: `running` has no part in it
  std::atomic<std::uint32_t> reached;   // requests from here on have not been used, nor their memory touched
  std::array<InFlightRequest, kNamed> requests;

  // Empties it for a new worker. [master]
  void clear();
};

class Scoreboard {
 public:
  // Throws std::system_error where memory can't be had. [master]
  explicit Scoreboard(std::size_t slots);
  ~Scoreboard();
  Scoreboard(const Scoreboard&) = delete;
  Scoreboard& operator=(const Scoreboard&) = delete;

  std::size_t size() const { return size_; }
  WorkerSlot& operator[](std::size_t i) { return slots_[i]; }

 private:
  std::size_t size_;
  WorkerSlot* slots_;
};

// Copies `text` into a fixed field of a slot, cut to fit and ended by NUL. [worker]
void note(char* field, std::size_t size, std::string_view text);

// The text of such a field; safe on a field that is being written. [master]
std::string_view read_note(const char* field, std::size_t size);

}  // namespace observe
