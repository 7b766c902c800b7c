// What becomes of an exception at the ABI, where it must end.
#pragma once

#include <cxxabi.h>

#include <appserver/detail/host.hpp>
#include <appserver/error.hpp>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string_view>
#include <typeinfo>

namespace APPSERVER_HIDDEN appserver {
namespace detail {

// Calls `tell` with what the exception being handled says of itself, or with its type where it says nothing.
// Allocates nothing that can fail: it may be std::bad_alloc.
template <typename Tell>
void describe_exception(Tell tell) noexcept {
  try {
    throw;
  } catch (const std::exception& error) {
    if (*error.what() != '\0') return tell(std::string_view(error.what()));
  } catch (...) {
  }
  const std::type_info* const type = abi::__cxa_current_exception_type();
  char* const name = type ? abi::__cxa_demangle(type->name(), nullptr, nullptr, nullptr) : nullptr;
  char text[256];
  std::snprintf(text, sizeof text, "an exception of type %s", name ? name : type ? type->name() : "unknown");
  std::free(name);
  tell(std::string_view(text));
}

// What a handler returns for the exception being handled: an HttpError is answered, all else is its failure.
inline std::int32_t answer_exception(appserver_exchange* exchange) noexcept {
  const auto fail = [&](std::string_view why) { host.response->fail(exchange, to_abi(why)); };
  try {
    throw;
  } catch (const HttpError& error) {
    auto result = host.response->set_status(exchange, error.status());
    if (result == 0) {
      result =
          host.response->add_header(exchange, to_abi("Content-Type"), to_abi("text/plain; charset=utf-8"));
    }
    if (result == 0) result = host.response->send(exchange, to_abi(error.what()));
    if (result < 0) fail(error.what());
    return result;
  } catch (const ClientGone& error) {
    fail(error.what());
    return -error.code().value();
  } catch (...) {
    describe_exception(fail);
    return -ECANCELED;
  }
}

}  // namespace detail
}  // namespace appserver
