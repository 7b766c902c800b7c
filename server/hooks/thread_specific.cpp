// Thread-specific data, a value for each request's fiber: pthread_key_create(3), tss_create(3). The keys are
// real ones, and other threads have their values there.
#include "hooks/gate.hpp"
#include "hooks/real.hpp"

namespace {

using namespace hooks;
using runtime::Specifics;

void* get(ThreadState& state, pthread_key_t key) {
  void* const value = state.specifics().get(key);
  return value || Specifics::is_key(key) ? value : real::pthread_getspecific(key);
}

int set(ThreadState& state, pthread_key_t key, void* value) {
  if (!Specifics::is_key(key)) return real::pthread_setspecific(key, value);
  const runtime::HostCode host;
  return state.specifics().set(key, value);
}

}  // namespace

extern "C" {

// A sanitizer begins before the executable does, and its key stays the thread's.
int pthread_key_create(pthread_key_t* key, void (*destructor)(void*)) noexcept {
  if (!real::pthread_key_create) {
    real::resolve();
    return real::pthread_key_create(key, destructor);
  }
  const int error = real::pthread_key_create(key, destructor);
  if (error == 0) Specifics::key_made(*key, destructor);
  return error;
}

// Its name in what the C++ runtime was once built with.
int __pthread_key_create(pthread_key_t* key, void (*destructor)(void*)) noexcept {
  return ::pthread_key_create(key, destructor);
}

int pthread_key_delete(pthread_key_t key) noexcept {
  Specifics::key_gone(key);  // before another can get its number
  return real::pthread_key_delete(key);
}

void* pthread_getspecific(pthread_key_t key) noexcept {
  ThreadState* const state = ThreadState::active();
  if (!state) return real::pthread_getspecific(key);
  return get(*state, key);
}

int pthread_setspecific(pthread_key_t key, const void* value) noexcept {
  ThreadState* const state = ThreadState::active();
  if (!state) return real::pthread_setspecific(key, value);
  return set(*state, key, const_cast<void*>(value));
}

int tss_create(tss_t* key, tss_dtor_t destructor) {
  const int result = real::tss_create(key, destructor);
  if (result == thrd_success) Specifics::key_made(*key, destructor);
  return result;
}

void tss_delete(tss_t key) {
  Specifics::key_gone(key);
  real::tss_delete(key);
}

void* tss_get(tss_t key) {
  ThreadState* const state = ThreadState::active();
  return state ? get(*state, key) : real::tss_get(key);
}

int tss_set(tss_t key, void* value) {
  ThreadState* const state = ThreadState::active();
  if (!state) return real::tss_set(key, value);
  return set(*state, key, value) == 0 ? thrd_success : thrd_error;
}

}  // extern "C"
