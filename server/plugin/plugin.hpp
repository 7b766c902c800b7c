// One loaded plugin: its library, its name, its settings and its routes, and the host that its code sees. It
// is never unloaded.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "appserver/abi.h"
#include "base/log.hpp"
#include "observe/stack_trace.hpp"
#include "plugin/library.hpp"
#include "plugin/router.hpp"
#include "runtime/clock.hpp"
#include "runtime/thread_locals.hpp"

namespace runtime {
class Reactor;
class StackPool;
class Stacks;
struct Pools;
}  // namespace runtime

namespace plugin {

// What is the same for every plugin of a worker.
struct Surroundings {
  runtime::Reactor& reactor;
  runtime::Stacks& stacks;
  runtime::Pools& pools;
  unsigned worker_index;
  std::uint64_t generation;
  // The sections of the configuration file, by plugin name.
  const std::map<std::string, std::map<std::string, std::string>>& settings;
  // Has the master put another worker in this one's place, and log why; this one serves until that does.
  std::function<void(const std::string& reason)> ask_for_replacement;
  // Logs a line, and below it the stack, when that has been put into words, which is done on another thread.
  std::function<void(base::LogLevel level, std::string line, const observe::StackTrace& stack)>
      log_with_stack{};
  // How long a handler may take, and how long the worker goes on with one that goes on after it.
  runtime::Duration request_timeout{};
  runtime::Duration graceful_timeout{};
};

// Where a plugin comes from.
struct Origin {
  std::string image;   // a path to what the file held when its generation began
  std::string path;    // the file itself: by it, the plugin has its name
  std::string file;    // as the operator wrote it, for messages
  std::string prefix;  // "" or "/prefix": where its routes begin
};

class Plugin final : public appserver_host {
 public:
  // Opens and checks the library. Throws LoadError. `surroundings` outlives it.
  Plugin(const Origin& origin, const Surroundings& surroundings);
  Plugin(const Plugin&) = delete;
  Plugin& operator=(const Plugin&) = delete;

  // Runs the plugin's start. Throws LoadError with its reason where it fails, or where it left a setting of
  // its section unread. [worker, may suspend]
  void start();

  // Runs its stop, if it was started. [worker, may suspend]
  void stop();

  const std::string& name() const { return name_; }
  const std::string& file() const { return origin_.file; }
  const std::string& path() const { return origin_.path; }
  const std::deque<Route>& routes() const { return routes_; }
  const Surroundings& surroundings() const { return surroundings_; }

  // Where its code is in memory: an address of it.
  const void* code() const { return library_.code(); }

  // What its code runs on: null where it has asked for nothing but the usual stacks.
  runtime::StackPool* stacks() const { return stacks_; }

  // Whether each request is to have `thread_local` variables of its own.
  bool wants_thread_local_per_request() const {
    return library_.descriptor().flags & APPSERVER_THREAD_LOCAL_PER_REQUEST;
  }

  // What a request's own are made from; null where it has none of its own.
  const runtime::ThreadLocalImage* thread_locals() const {
    return thread_locals_ ? &*thread_locals_ : nullptr;
  }

  // What the plugin calls through its tables; results are those of abi.h.
  std::int32_t set_name(std::string_view name);
  std::int32_t add_route(std::string_view method, std::string_view pattern, appserver_handler handler,
                         void* context);
  std::int32_t add_route(const appserver_route& route);
  std::int32_t setting(std::string_view key, std::string_view& value);
  void fail(std::string_view reason) { failure_ = reason; }

 private:
  enum class Phase { loaded, starting, started };

  std::int32_t add(std::string_view pattern, Route route);
  void check_settings() const;
  std::string unread_setting() const;  // of its section; empty if there is none

  const Origin origin_;
  const Surroundings& surroundings_;
  const Library library_;
  runtime::StackPool* const stacks_;
  const std::optional<runtime::ThreadLocalImage> thread_locals_;

  Phase phase_ = Phase::loaded;
  std::string name_;
  std::deque<Route> routes_;                  // a deque: their addresses are kept
  std::set<std::string, std::less<>> asked_;  // settings
  std::string failure_;
  void* state_ = nullptr;
};

// The table of that id, or null: what a plugin's host answers it with.
const void* find_table(std::string_view id);

}  // namespace plugin
