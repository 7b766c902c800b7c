// What becomes of a plugin that calls exit() in a worker: the worker ends there and then. Left to run, exit()
// would destroy what other fibers and threads of the process are still using.
#pragma once

namespace base {

// From now on the process ends, with a line in the log, when this thread calls exit() or comes to its end: to
// be called before the thread runs any code of a plugin's, so that only that code's own thread-local objects
// are destroyed before (C++ [basic.start.term]). [any thread]
void guard_exit();

// The thread may come to its end again. [any thread]
void unguard_exit();

}  // namespace base
