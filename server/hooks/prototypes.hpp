// Declares every function that is hooked: the system's headers, and those of glibc's entry points that no
// header declares though compiled code calls them: aliases, and the checking variants of _FORTIFY_SOURCE.
#pragma once

#include <dlfcn.h>
#include <fcntl.h>
#include <grp.h>
#include <locale.h>
#include <mqueue.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <pwd.h>
#include <resolv.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/msg.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>
#include <cstddef>

extern "C" {

int __close(int descriptor);
int __connect(int socket, const sockaddr* address, socklen_t size);
int __fcntl(int descriptor, int command, ...);
char* __fgets_chk(char* line, size_t room, int size, FILE* stream);
size_t __fread_chk(void* data, size_t room, size_t size, size_t count, FILE* stream);
int __poll(pollfd* descriptors, nfds_t count, int timeout);
int __poll_chk(pollfd* descriptors, nfds_t count, int timeout, size_t room);
int __ppoll_chk(pollfd* descriptors, nfds_t count, const timespec* timeout, const sigset_t* mask,
                size_t room);
ssize_t __pread64(int descriptor, void* data, size_t size, off64_t offset);
ssize_t __pread64_chk(int descriptor, void* data, size_t size, off64_t offset, size_t room);
ssize_t __pread_chk(int descriptor, void* data, size_t size, off_t offset, size_t room);
ssize_t __pwrite64(int descriptor, const void* data, size_t size, off64_t offset);
ssize_t __read(int descriptor, void* data, size_t size);
ssize_t __read_chk(int descriptor, void* data, size_t size, size_t room);
ssize_t __recv_chk(int socket, void* data, size_t size, size_t room, int flags);
ssize_t __recvfrom_chk(int socket, void* data, size_t size, size_t room, int flags, sockaddr* from,
                       socklen_t* from_size);
int __select(int count, fd_set* reading, fd_set* writing, fd_set* except, timeval* timeout);
ssize_t __send(int socket, const void* data, size_t size, int flags);
ssize_t __write(int descriptor, const void* data, size_t size);

}  // extern "C"

// What the dynamic linker's relocations have written for one thread_local variable.
struct TlsIndex {
  std::size_t module;
  std::size_t offset;
};

extern "C" {

void* __tls_get_addr(TlsIndex* index);
int __cxa_thread_atexit_impl(void (*destructor)(void*), void* object, void* library) noexcept;
int __pthread_key_create(pthread_key_t* key, void (*destructor)(void*)) noexcept;
pid_t __vfork() noexcept;
pid_t __wait(int* status);
pid_t __waitpid(pid_t pid, int* status, int options);

}  // extern "C"
