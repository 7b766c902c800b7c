// What a signal is called in a log. Any process, any thread.
#pragma once

#include <string>

namespace base {

// `SIGSEGV`; `signal 40` where it has no name, as real-time signals have none.
std::string signal_name(int signal);

}  // namespace base
