#include "master/wait_status.hpp"

#include <sys/wait.h>

#include "base/signal_name.hpp"

namespace master {

std::string how_it_ended(int wait_status) {
  if (WIFSIGNALED(wait_status)) return "was killed by " + base::signal_name(WTERMSIG(wait_status));
  return "exited with code " + std::to_string(WEXITSTATUS(wait_status));
}

}  // namespace master
