#include "hooks/pipe_children.hpp"

#include <algorithm>
#include <mutex>
#include <vector>

#include "runtime/thread_state.hpp"

namespace hooks {
namespace {

struct Entry {
  FILE* stream;
  pid_t child;
};

constinit std::mutex mutex;
constinit std::vector<Entry> entries;

pid_t take(FILE* stream) noexcept {
  const auto found = std::ranges::find(entries, stream, &Entry::stream);
  if (found == entries.end()) return 0;
  const pid_t child = found->child;
  entries.erase(found);
  return child;
}

}  // namespace

void keep_child_of(FILE* stream, pid_t child) {
  const runtime::HostCode host;
  const std::lock_guard lock(mutex);
  take(stream);  // of one of that address that was closed by fclose()
  entries.push_back({stream, child});
}

pid_t forget_child_of(FILE* stream) noexcept {
  const runtime::HostCode host;
  const std::lock_guard lock(mutex);
  return take(stream);
}

}  // namespace hooks
