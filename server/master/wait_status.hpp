// A wait status (waitpid(2)) in words. Lives in the master.
#pragma once

#include <string>

namespace master {

// "was killed by SIGSEGV" or "exited with code 3". [master]
std::string how_it_ended(int wait_status);

}  // namespace master
