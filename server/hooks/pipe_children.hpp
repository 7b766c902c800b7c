// Which child is at the other end of a stream that popen() has opened for a request. A table of the process:
// any thread may close what another has opened.
#pragma once

#include <stdio.h>
#include <sys/types.h>

namespace hooks {

void keep_child_of(FILE* stream, pid_t child);

// Takes it out of the table; 0 where it isn't there. [any thread]
pid_t forget_child_of(FILE* stream) noexcept;

}  // namespace hooks
