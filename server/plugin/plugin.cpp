#include "plugin/plugin.hpp"

#include <algorithm>
#include <cerrno>
#include <exception>
#include <filesystem>
#include <stdexcept>

#include "base/log.hpp"
#include "plugin/load_error.hpp"
#include "plugin/own_thread_locals.hpp"
#include "plugin/tables.hpp"
#include "runtime/stacks.hpp"

namespace plugin {
namespace {

bool is_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
  });
}

// A method is a token (RFC 9110 section 9.1); those in use are capital letters.
bool is_method(std::string_view text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](char c) { return (c >= 'A' && c <= 'Z') || c == '-'; });
}

// The least stack that a handler gets, however little it asks for: of what the host does on it, compressing
// by brotli takes the most, 11 KiB.
constexpr std::uint32_t kLeastStack = 32 * 1024;

const void* table_for_host(const appserver_host*, const char* id) { return id ? find_table(id) : nullptr; }

}  // namespace

Plugin::Plugin(const Origin& origin, const Surroundings& surroundings)
    : appserver_host{table_for_host},
      origin_(origin),
      surroundings_(surroundings),
      library_(origin.image, origin.file),
      stacks_(library_.descriptor().stack_size
                  ? &surroundings.stacks.of_size(std::max(library_.descriptor().stack_size, kLeastStack))
                  : nullptr),
      thread_locals_(wants_thread_local_per_request() ? own_thread_locals(library_.code(), origin.file)
                                                      : std::nullopt),
      name_(std::filesystem::path(origin.path).stem().string()) {}

void Plugin::start() {
  phase_ = Phase::starting;
  const auto failed = [this](const std::string& why) {
    const std::string unread = unread_setting();
    return LoadError(
        "plugin " + name_ + " (" + origin_.file + ") failed to start: " + why +
        (unread.empty() ? "" : "; its section has '" + unread + "', which it has not asked for"));
  };
  std::int32_t result = 0;
  try {
    result = library_.descriptor().start(this, &state_);
  } catch (const std::exception& error) {  // one that does not keep to the contract
    throw failed(error.what());
  } catch (...) {
    throw failed("its start threw something that is no std::exception");
  }
  if (result < 0) {
    throw failed(failure_.empty() ? "its start returned " + std::to_string(result) : failure_);
  }
  phase_ = Phase::started;
  check_settings();
}

void Plugin::check_settings() const {
  const std::string unread = unread_setting();
  if (unread.empty()) return;
  std::string known;
  for (const std::string& asked : asked_) known += (known.empty() ? "" : ", ") + asked;
  throw LoadError("section [" + name_ + "] of the configuration file has a setting '" + unread +
                      "' that the plugin does not know; it knows " + (known.empty() ? "none" : known),
                  base::ExitCode::bad_config);
}

std::string Plugin::unread_setting() const {
  const auto section = surroundings_.settings.find(name_);
  if (section == surroundings_.settings.end()) return {};
  for (const auto& [key, value] : section->second) {
    if (!asked_.contains(key)) return key;
  }
  return {};
}

void Plugin::stop() {
  if (phase_ != Phase::started || !library_.descriptor().stop) return;
  try {
    library_.descriptor().stop(state_);
  } catch (...) {
    base::log_error("plugin ", name_, " let an exception out of its stop");
  }
}

std::int32_t Plugin::set_name(std::string_view name) {
  if (phase_ != Phase::starting) return -EPERM;
  if (!is_name(name)) return -EINVAL;
  name_ = name;
  return 0;
}

std::int32_t Plugin::add_route(std::string_view method, std::string_view pattern, appserver_handler handler,
                               void* context) {
  return add(pattern,
             {.plugin = this, .method = std::string(method), .handler = handler, .context = context});
}

std::int32_t Plugin::add_route(const appserver_route& given) {
  if (given.size < sizeof given || (given.flags & ~unsigned{APPSERVER_ROUTE_OUTLIVES_CLIENT})) return -EINVAL;
  Route route{.plugin = this,
              .method = std::string(view(given.method)),
              .handler = given.handler,
              .context = given.context,
              .outlives_client = (given.flags & APPSERVER_ROUTE_OUTLIVES_CLIENT) != 0};
  if (given.body_limit != 0) route.body_limit = given.body_limit;
  if (given.timeout_ns != 0) {
    route.timeout = std::max(runtime::Duration(given.timeout_ns), runtime::Duration::zero());
  }
  return add(view(given.pattern), std::move(route));
}

std::int32_t Plugin::add(std::string_view pattern, Route route) {
  if (phase_ != Phase::starting) return -EPERM;
  if (!is_method(route.method) || !route.handler) return -EINVAL;
  try {
    route.pattern = RoutePattern::parse(pattern);
    if (!origin_.prefix.empty()) route.pattern = RoutePattern::parse(origin_.prefix + route.pattern.text());
    const std::string shape = route.pattern.shape();
    const bool there = std::ranges::any_of(routes_, [&](const Route& other) {
      return other.method == route.method && other.pattern.shape() == shape;
    });
    if (there) return -EEXIST;
    routes_.push_back(std::move(route));
    return 0;
  } catch (const std::invalid_argument& error) {
    fail("the route " + route.method + " " + std::string(pattern) + ": " + error.what());
    return -EINVAL;
  }
}

std::int32_t Plugin::setting(std::string_view key, std::string_view& value) {
  if (phase_ != Phase::starting) return -EPERM;
  asked_.emplace(key);
  const auto section = surroundings_.settings.find(name_);
  if (section == surroundings_.settings.end()) return 0;
  const auto found = section->second.find(std::string(key));
  if (found == section->second.end()) return 0;
  value = found->second;
  return 1;
}

}  // namespace plugin
