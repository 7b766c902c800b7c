#include "http/head_rules.hpp"

#include <charconv>
#include <cstddef>

#include "http/authority.hpp"
#include "http/list.hpp"
#include "http/request_target.hpp"
#include "http/token.hpp"

namespace http {
namespace {

// The one Host (RFC 9112 section 3.2). Where the target names the authority, that is the one that counts
// (section 3.2.2), and Host says the same from there on: no handler can be shown two.
std::optional<Refusal> read_host(RequestHead& head) {
  Field* host = nullptr;
  for (Field& field : head.fields) {
    if (!same_token(field.name, "host")) continue;
    if (host) return Refusal{400, "Host was sent more than once."};
    host = &field;
  }
  if (!host && head.minor_version > 0) return Refusal{400, "Host is missing."};
  const bool named = !head.authority.empty();
  if (host && !host->value.empty() && !is_authority(host->value)) return Refusal{400, "Host is not valid."};
  // An http URI has a host; without one there is only the server's own to fall back on, as for the clients of
  // HTTP/1.0 that send none (section 3.3).
  if (host && host->value.empty() && !named) return Refusal{400, "Host is empty."};
  if (!named) {
    if (host) head.authority = host->value;
  } else if (host) {
    host->value = head.authority;
  } else {
    head.fields.push_back({"Host", head.authority});
  }
  return std::nullopt;
}

// RFC 9112 sections 6.1 to 6.3. Anything that another server could read otherwise is refused.
std::optional<Refusal> read_framing(RequestHead& head) {
  const Field* const encoding = head.find("transfer-encoding");
  const Field* length = nullptr;
  for (const Field& field : head.fields) {
    if (!same_token(field.name, "content-length")) continue;
    // A repeated length may be taken for one where both are the same, here and in `5, 5`, or refused (RFC
    // 9110 section 8.6): who sends it is not to be trusted with the rest.
    if (length) return Refusal{400, "Content-Length was sent more than once."};
    length = &field;
  }
  if (encoding) {
    if (length) return Refusal{400, "Content-Length and Transfer-Encoding were both sent."};
    if (head.minor_version == 0) return Refusal{400, "Transfer-Encoding has no meaning in HTTP/1.0."};
    bool bad = false, unknown = false, chunked_last = false;
    for_each_element(head, "transfer-encoding", [&](std::string_view coding) {
      const bool chunked_before = chunked_last;
      chunked_last = same_token(coding, "chunked");
      unknown = unknown || !chunked_last;
      bad = bad || chunked_before || !is_token(coding.substr(0, coding.find_first_of("; \t")));
    });
    // The end of a body that is not chunked last can't be known, so that 400 goes before 501 (section 6.3).
    if (bad || !chunked_last) return Refusal{400, "Transfer-Encoding is not valid."};
    if (unknown) return Refusal{501, "The only transfer coding that is served is chunked."};
    head.chunked = true;
  } else if (length) {
    const std::string_view text = length->value;
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
      return Refusal{400, "Content-Length is not valid."};
    }
    head.content_length = value;
  }
  return std::nullopt;
}

void read_connection(RequestHead& head) {
  bool close = false, keep_alive = false;
  for_each_element(head, "connection", [&](std::string_view option) {
    close = close || same_token(option, "close");
    keep_alive = keep_alive || same_token(option, "keep-alive");
  });
  head.keep_alive = !close && (head.minor_version > 0 || keep_alive);
}

// RFC 9110 section 10.1.1. In HTTP/1.0 there are no expectations.
std::optional<Refusal> read_expect(RequestHead& head) {
  if (head.minor_version == 0) return std::nullopt;
  bool unknown = false;
  for_each_element(head, "expect", [&](std::string_view expectation) {
    head.expects_continue = same_token(expectation, "100-continue");
    unknown = unknown || !head.expects_continue;
  });
  if (unknown) return Refusal{417, "The only expectation that is met is 100-continue."};
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> check_head(RequestHead& head) {
  if (auto refusal = read_target(head)) return refusal;
  if (auto refusal = read_host(head)) return refusal;
  if (auto refusal = read_framing(head)) return refusal;
  read_connection(head);
  return read_expect(head);
}

}  // namespace http
