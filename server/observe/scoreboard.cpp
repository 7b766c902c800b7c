#include "observe/scoreboard.hpp"

#include <sys/mman.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace observe {

static_assert(std::atomic<std::uint64_t>::is_always_lock_free, "a lock can't be shared by processes");

void WorkerSlot::clear() {
  turns = 0;
  waiting = false;
  booting[0] = '\0';
  running = kNone;
  overflow = 0;
  crashed_elsewhere = false;
  reached = 0;
}

Scoreboard::Scoreboard(std::size_t slots) : size_(slots) {
  // Zero bytes are a valid slot, so nothing is constructed here: a page costs memory once a worker writes it.
  void* memory = ::mmap(nullptr, size_ * sizeof(WorkerSlot), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "scoreboard: mmap");
  slots_ = static_cast<WorkerSlot*>(memory);
}

Scoreboard::~Scoreboard() { ::munmap(slots_, size_ * sizeof(WorkerSlot)); }

void note(char* field, std::size_t size, std::string_view text) { field[text.copy(field, size - 1)] = '\0'; }

std::string_view read_note(const char* field, std::size_t size) { return {field, ::strnlen(field, size)}; }

}  // namespace observe
