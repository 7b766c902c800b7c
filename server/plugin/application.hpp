// All the plugins of a worker, as one service: routes requests to their handlers. One a worker.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "http/exchange.hpp"
#include "observe/request_board.hpp"
#include "plugin/overtime.hpp"
#include "plugin/plugin.hpp"
#include "plugin/router.hpp"

namespace plugin {

class Application final : public http::Service {
 public:
  Application(observe::RequestBoard& board, const Surroundings& surroundings)
      : board_(board),
        surroundings_(surroundings),
        overtime_(surroundings.reactor, surroundings.request_timeout, surroundings.graceful_timeout,
                  surroundings.ask_for_replacement) {}

  // Opens a plugin. Throws LoadError. [worker, may suspend]
  const Plugin& open(const Origin& origin);

  // Runs the start of the plugin that was opened last. Throws LoadError. [worker, may suspend]
  void start_last();

  // Puts the routes together, when every plugin is loaded. Throws LoadError where two plugins claim one
  // route, or where the configuration file has a section that is no plugin's.
  void finish_loading();

  // Runs each plugin's stop, the last loaded first. [worker, may suspend]
  void stop();

  void serve(http::Exchange& exchange) override;

 private:
  void check_sections() const;
  bool redirect_to_slash(http::Exchange& exchange) const;

  observe::RequestBoard& board_;
  const Surroundings& surroundings_;
  Overtime overtime_;
  std::vector<std::unique_ptr<Plugin>> plugins_;
  Router router_;
  std::uint32_t requests_ = 0;
};

}  // namespace plugin
