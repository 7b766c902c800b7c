#include "master/listeners.hpp"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/log.hpp"

namespace master {
namespace {

auto find(std::vector<net::Listener>& listeners, const net::Endpoint& endpoint) {
  return std::find_if(listeners.begin(), listeners.end(),
                      [&](const net::Listener& listener) { return listener.endpoint() == endpoint; });
}

}  // namespace

void Listeners::open_missing(const std::vector<net::Endpoint>& wanted, int backlog) {
  for (const net::Endpoint& endpoint : wanted) {
    if (find(all_, endpoint) != all_.end()) continue;
    all_.emplace_back(endpoint, backlog);
    base::log_info("Listening at: ", all_.back().url(), " (", ::getpid(), ")");
  }
}

void Listeners::keep(const std::vector<net::Endpoint>& wanted) {
  std::vector<net::Listener> kept;
  for (net::Listener& listener : all_) {
    if (std::find(wanted.begin(), wanted.end(), listener.endpoint()) != wanted.end()) {
      kept.push_back(std::move(listener));
    } else {
      base::log_info("No longer listening at: ", listener.url());
      listener.turn_away();
    }
  }
  all_ = std::move(kept);
}

std::vector<net::Listener> Listeners::take(const std::vector<net::Endpoint>& wanted) {
  std::vector<net::Listener> taken;
  for (const net::Endpoint& endpoint : wanted) {
    // An address that is named twice is listened on once.
    if (const auto found = find(all_, endpoint); found != all_.end()) {
      taken.push_back(std::move(*found));
      all_.erase(found);
    }
  }
  all_.clear();
  return taken;
}

}  // namespace master
