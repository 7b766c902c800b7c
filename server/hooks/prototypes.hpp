// Declares every function that is hooked: the system's headers, and those of glibc's entry points that no
// header declares though compiled code calls them.
#pragma once

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <sys/socket.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>
