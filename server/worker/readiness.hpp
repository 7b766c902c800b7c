// Answers balancers that ask at --ready-path whether this server wants more: 200, or 503 once it is about to
// stop. Stands before the application, and lets everything else through. Owned by the worker.
#pragma once

#include <string>
#include <string_view>

#include "http/exchange.hpp"

namespace worker {

class Readiness final : public http::Service {
 public:
  // No balancer is answered where `path` is empty; both outlive this.
  Readiness(const std::string& path, http::Service& next) : path_(path), next_(next) {}

  // The answer is 503 from now on. [worker]
  void fail() { ready_ = false; }

  void serve(http::Exchange& exchange) override;

  // A balancer's question is: one that is overloaded is not to be taken for one that is gone.
  bool is_urgent(std::string_view head) const override;

 private:
  const std::string& path_;
  http::Service& next_;

  bool ready_ = true;
};

}  // namespace worker
