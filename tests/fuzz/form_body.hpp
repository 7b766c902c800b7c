// A request's body that comes in steps of one size, without a server, and what a reader makes of the form in
// it.
#pragma once

#include <algorithm>
#include <appserver/detail/form_reader.hpp>
#include <appserver/form_stream.hpp>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

struct appserver_exchange {
  std::string_view rest;
  std::size_t step;
};

struct FormPart {
  std::string name;
  std::optional<std::string> filename;
  std::string content_type;
  std::string value;

  bool operator==(const FormPart&) const = default;
};

// The parts, or what is wrong with the form.
struct ReadForm {
  std::vector<FormPart> parts;
  std::string error;

  bool operator==(const ReadForm&) const = default;
};

// `make` makes a FormReader of a Body.
template <typename Make>
ReadForm read_form(std::string_view input, std::size_t step, Make make) {
  static const appserver_request_table table = [] {
    appserver_request_table only_body{};
    only_body.body_read = [](appserver_exchange* exchange, void* data, std::size_t size) -> std::int64_t {
      const std::size_t count = std::min({size, exchange->step, exchange->rest.size()});
      std::memcpy(data, exchange->rest.data(), count);
      exchange->rest.remove_prefix(count);
      return static_cast<std::int64_t>(count);
    };
    return only_body;
  }();
  appserver::detail::host.request = &table;

  appserver_exchange exchange{input, step};
  appserver::Body body(&exchange);
  auto reader = make(body);
  ReadForm form;
  try {
    while (const auto head = reader.next()) {
      std::string value;
      for (auto piece = reader.read(); !piece.empty(); piece = reader.read()) value += piece;
      form.parts.push_back({head->name, head->filename, head->content_type, value});
    }
  } catch (const appserver::HttpError& error) {
    form.error = error.what();
  }
  return form;
}
