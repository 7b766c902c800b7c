// The threads of C11 are glibc's POSIX threads under other names: only the results are told otherwise.
#pragma once

#include <pthread.h>
#include <threads.h>

#include <cerrno>

namespace hooks {

inline pthread_mutex_t* posix(mtx_t* mutex) { return reinterpret_cast<pthread_mutex_t*>(mutex); }
inline pthread_cond_t* posix(cnd_t* condition) { return reinterpret_cast<pthread_cond_t*>(condition); }
inline pthread_once_t* posix(once_flag* flag) { return &flag->__data; }

inline int c11_result(int error) {
  switch (error) {
    case 0:
      return thrd_success;
    case EBUSY:
      return thrd_busy;
    case ETIMEDOUT:
      return thrd_timedout;
    case ENOMEM:
      return thrd_nomem;
    default:
      return thrd_error;
  }
}

}  // namespace hooks
