// A request that carries a form, without a server: its body comes in the pieces that a test cuts it into.
#pragma once

#include <appserver/request.hpp>
#include <string>
#include <string_view>

#include "fake_host.hpp"

class APPSERVER_HIDDEN FormRequest {
 public:
  FormRequest(std::string content_type, std::string_view body = {}) {
    exchange_.headers = {{"Content-Type", std::move(content_type)}};
    host_.start([](appserver::App&) {});
    send(body);
  }

  // Sends a piece of the body, behind those before.
  FormRequest& send(std::string_view piece) {
    if (!piece.empty()) exchange_.body.emplace_back(piece);
    return *this;
  }
  // Where the body fails after what has been sent.
  FormRequest& break_off(int result) { return exchange_.body_result = result, *this; }

  appserver::Request& request() { return request_; }

 private:
  FakeHost host_;
  appserver_exchange exchange_;
  appserver::Request request_{&exchange_};
};

inline const char* const kUrlencoded = "application/x-www-form-urlencoded";
inline const char* const kMultipart = "multipart/form-data; boundary=B";
