// What a plugin can ask for where it says APPSERVER_PLUGIN(app, option...): read by the server before any of
// its code runs.
#pragma once

#include <appserver/abi.h>

#include <appserver/detail/visibility.hpp>
#include <cstdint>

namespace APPSERVER_HIDDEN appserver {
namespace detail {

struct Option {};

template <std::uint64_t Bytes>
struct StackSize : Option {
  static_assert(Bytes >= APPSERVER_STACK_SIZE_MIN, "a stack_size is in bytes, at least 16 KiB: 16 << 10");
  static_assert(Bytes <= APPSERVER_STACK_SIZE_MAX, "a stack_size is in bytes, at most 64 MiB: 64 << 20");
  constexpr void write(appserver_plugin_descriptor& descriptor) const {
    descriptor.stack_size = static_cast<std::uint32_t>(Bytes);
  }
};

struct ThreadLocalPerRequest : Option {
  constexpr void write(appserver_plugin_descriptor& descriptor) const {
    descriptor.flags |= APPSERVER_THREAD_LOCAL_PER_REQUEST;
  }
};

struct NoOption : Option {  // what the macro puts behind the last one
  constexpr void write(appserver_plugin_descriptor&) const {}
};

}  // namespace detail

// The stack that each handler runs on, and the plugin's start and stop, in bytes: stack_size<1 << 20> is 1
// MiB. Only what is touched uses memory. 256 KiB where nothing is said.
template <std::uint64_t Bytes>
inline constexpr detail::StackSize<Bytes> stack_size{};

// Each request has `thread_local` variables of its own in this plugin. All requests of a worker share them
// where nothing is said, as they share its thread.
inline constexpr detail::ThreadLocalPerRequest thread_local_per_request{};

}  // namespace appserver
