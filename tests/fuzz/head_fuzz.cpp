// A head is found where it ends and taken apart in one way only, however its bytes come; and what is accepted
// leaves no room for a second reading.
#include <algorithm>
#include <string>

#include "fuzz.hpp"
#include "http/head_parser.hpp"
#include "http/head_scanner.hpp"
#include "http/token.hpp"

namespace {

constexpr http::Limits kLimits{.request_line = 200,
                               .fields = 8,
                               .field_size = 100,
                               .request_body = 0,
                               .connections = 0,
                               .header_timeout = {},
                               .body_timeout = {},
                               .keep_alive = {}};

using Scanned = http::HeadScanner::Result;

Scanned scan_in_pieces(std::string_view input, std::size_t step) {
  http::HeadScanner scanner;
  Scanned result;
  for (std::size_t size = 0; size < input.size() && result.head_size == 0 && !result.refusal;) {
    size = std::min(size + step, input.size());
    result = scanner.scan(input.substr(0, size), kLimits);
  }
  return result;
}

int status_of(const std::optional<http::Refusal>& refusal) { return refusal ? refusal->status : 0; }

bool same_fields(const http::RequestHead& one, const http::RequestHead& other) {
  return std::ranges::equal(one.fields, other.fields, [](const http::Field& a, const http::Field& b) {
    return a.name == b.name && a.value == b.value;
  });
}

bool same(const http::RequestHead& one, const http::RequestHead& other) {
  return one.method == other.method && one.target == other.target && one.path == other.path &&
         one.query == other.query && one.minor_version == other.minor_version && same_fields(one, other) &&
         one.chunked == other.chunked && one.content_length == other.content_length &&
         one.keep_alive == other.keep_alive && one.expects_continue == other.expects_continue &&
         one.authority == other.authority;
}

std::string written(const http::RequestHead& head) {
  std::string text(head.method);
  text.append(" ").append(head.target).append(head.minor_version == 0 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n");
  for (const auto& field : head.fields)
    text.append(field.name).append(": ").append(field.value).append("\r\n");
  return text + "\r\n";
}

auto count(const http::RequestHead& head, std::string_view name) {
  return std::ranges::count_if(head.fields,
                               [&](const http::Field& field) { return http::same_token(field.name, name); });
}

// What RFC 9112 sections 2 to 6 leave of a request that is accepted.
void check_accepted(const http::RequestHead& head, std::string_view text) {
  expect(http::is_token(head.method), "a method is a token");
  const auto is_visible = [](char c) { return c > ' ' && c < '\x7f'; };
  expect(!head.target.empty() && std::ranges::all_of(head.target, is_visible), "a target is visible ASCII");
  expect(head.path == "*" || head.path.starts_with('/'), "a path begins with a slash");
  for (const auto& [name, value] : head.fields) {
    expect(http::is_token(name), "a name is a token");
    expect(http::is_field_value(value), "a value has no control characters");
    expect(value.empty() || (is_visible(value.front()) || value.front() < 0), "no space before a value");
  }
  expect(count(head, "host") <= 1 && count(head, "content-length") <= 1, "Host and Content-Length come once");
  expect(head.minor_version == 0 || count(head, "host") == 1, "HTTP/1.1 has a Host");
  const bool encoded = count(head, "transfer-encoding") > 0, sized = count(head, "content-length") > 0;
  expect(head.chunked == encoded && head.content_length.has_value() == sized && !(encoded && sized),
         "a body is framed in one way");
  std::size_t lines = 0;
  for (std::size_t at = 0; (at = text.find('\n', at)) != text.npos; ++at, ++lines) {
    expect(at > 0 && text[at - 1] == '\r', "lines end with CRLF");
  }
  const std::size_t given = lines - 2 - (text.front() == '\r' ? 1 : 0);
  // An absolute target brings a Host where HTTP/1.0 sends none.
  const bool adds_host =
      head.minor_version == 0 && head.fields.size() == given + 1 && head.fields.back().name == "Host";
  expect(head.fields.size() == given || adds_host, "every line is one field");
  expect(count(head, "host") == 0 || head.find("host")->value == head.authority, "there is one authority");
}

}  // namespace

void fuzz(std::string_view input) {
  if (input.empty()) return;
  const Scanned whole = scan_in_pieces(input, input.size());
  for (const std::size_t step : {1, 2, 3, 7}) {
    const Scanned pieces = scan_in_pieces(input, step);
    expect(pieces.head_size == whole.head_size && status_of(pieces.refusal) == status_of(whole.refusal),
           "a cut changes nothing");
  }
  if (whole.head_size == 0) return;
  const std::string_view text = input.substr(0, whole.head_size);
  http::RequestHead head;
  if (const auto refusal = http::parse_head(text, head)) {
    expect(refusal->status >= 400 && refusal->status < 600 && !refusal->reason.empty(), "a refusal says why");
    return;
  }
  check_accepted(head, text);
  const std::string again = written(head);
  http::RequestHead reread;
  expect(!http::parse_head(again, reread) && same(head, reread), "what was read reads the same again");
}
