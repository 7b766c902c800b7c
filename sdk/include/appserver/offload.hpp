// Hands work to a real thread: what computes for long, or blocks where the server can't see it.
#pragma once

#include <appserver/detail/host.hpp>
#include <exception>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

namespace APPSERVER_HIDDEN appserver {

// Calls `function()` on another thread while this request waits and the worker's others go on, and gives back
// what it returns, or throws what it throws. As the caller waits, the function may use the caller's
// variables; what it shares with other requests, it shares with another thread. What may suspend throws there
// (EPERM, a std::system_error), but for offload() itself. Throws std::system_error too where no thread can be
// had. Works in handlers, in APPSERVER_PLUGIN's block and in on_stop(). [may suspend]
template <typename Function>
std::invoke_result_t<Function> offload(Function&& function) {
  using Result = std::invoke_result_t<Function>;
  static_assert(!std::is_reference_v<Result>, "offload() gives back a value: return a copy, or a pointer");
  struct NoResult {};
  struct Call {
    Function& function;
    std::optional<std::conditional_t<std::is_void_v<Result>, NoResult, std::remove_cv_t<Result>>> result;
    std::exception_ptr thrown;

    static void run(void* self) noexcept {
      Call& call = *static_cast<Call*>(self);
      try {
        if constexpr (std::is_void_v<Result>) {
          std::invoke(std::forward<Function>(call.function));
        } else {
          call.result.emplace(std::invoke(std::forward<Function>(call.function)));
        }
      } catch (...) {
        call.thrown = std::current_exception();
      }
    }
  };
  Call call{function, {}, {}};
  detail::check(detail::host.offload->run(detail::host.self, Call::run, &call), "starting a thread");
  if (call.thrown) std::rethrow_exception(std::move(call.thrown));
  if constexpr (!std::is_void_v<Result>) return *std::move(call.result);
}

}  // namespace appserver
