#include "http/head_rules.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>

#include "http/token.hpp"

namespace http {
namespace {

constexpr std::string_view kWhitespace = " \t";

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

bool has_bad_escape(std::string_view text) {
  for (std::size_t at = text.find('%'); at != text.npos; at = text.find('%', at + 3)) {
    if (at + 2 >= text.size() || !is_hex(text[at + 1]) || !is_hex(text[at + 2])) return true;
  }
  return false;
}

// Visible ASCII alone; a fragment is never sent, and other bytes are escaped (RFC 3986 section 2).
bool is_target_text(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f && c != '#'; });
}

// uri-host [ ":" port ] (RFC 9110 section 7.2), loosely: no user, path, or space.
bool is_authority(std::string_view text) {
  const std::size_t bracket = text.rfind(']');
  const std::size_t colon = text.find(':', bracket == text.npos ? 0 : bracket);
  if (colon != text.npos) {
    const std::string_view port = text.substr(colon + 1);
    if (!std::ranges::all_of(port, [](char c) { return c >= '0' && c <= '9'; })) return false;
    text = text.substr(0, colon);
  }
  if (text.starts_with('[')) {  // an IP literal (RFC 3986 section 3.2.2)
    if (text.size() < 4 || !text.ends_with(']')) return false;
    return text.substr(1, text.size() - 2).find_first_not_of("0123456789abcdefABCDEF:.") == text.npos;
  }
  return is_host_text(text) && !has_bad_escape(text);
}

// Splits the target into path and query (RFC 9112 section 3.2).
std::optional<Refusal> read_target(RequestHead& head) {
  constexpr Refusal kBad{400, "The request target is not valid."};
  std::string_view rest = head.target;
  if (!is_target_text(rest) || has_bad_escape(rest)) return kBad;
  if (head.method == "CONNECT") return Refusal{501, "This server is no proxy: CONNECT is not served."};
  if (rest == "*") {
    if (head.method != "OPTIONS") return kBad;
    head.path = rest;
    return std::nullopt;
  }
  if (!rest.starts_with('/')) {  // the absolute form
    const std::size_t scheme = rest.find("://");
    if (scheme == rest.npos ||
        !(same_token(rest.substr(0, scheme), "http") || same_token(rest.substr(0, scheme), "https"))) {
      return kBad;
    }
    rest.remove_prefix(scheme + 3);
    const std::size_t end = std::min(rest.find_first_of("/?"), rest.size());
    if (end == 0 || !is_authority(rest.substr(0, end))) return kBad;
    rest.remove_prefix(end);
  }
  const std::size_t mark = rest.find('?');
  head.path = rest.substr(0, mark);
  if (mark != rest.npos) head.query = rest.substr(mark + 1);
  if (head.path.empty()) head.path = "/";
  return std::nullopt;
}

std::optional<Refusal> read_host(const RequestHead& head) {
  const Field* host = nullptr;
  for (const Field& field : head.fields) {
    if (!same_token(field.name, "host")) continue;
    if (host) return Refusal{400, "Host was sent more than once."};
    host = &field;
  }
  if (!host) {
    if (head.minor_version == 0) return std::nullopt;
    return Refusal{400, "Host is missing."};
  }
  if (!is_authority(host->value)) return Refusal{400, "Host is not valid."};
  return std::nullopt;
}

// Calls `each` for every element of every field `name`, a comma-separated list (RFC 9110 section 5.6.1).
template <typename Each>
void for_each_element(const RequestHead& head, std::string_view name, Each each) {
  for (const Field& field : head.fields) {
    if (!same_token(field.name, name)) continue;
    std::string_view rest = field.value;
    for (;;) {
      const std::size_t comma = rest.find(',');
      std::string_view element = rest.substr(0, comma);
      element.remove_prefix(std::min(element.find_first_not_of(kWhitespace), element.size()));
      element.remove_suffix(element.size() - (element.find_last_not_of(kWhitespace) + 1));
      each(element);
      if (comma == rest.npos) break;
      rest.remove_prefix(comma + 1);
    }
  }
}

// RFC 9112 sections 6.1 to 6.3. Anything that another server could read otherwise is refused.
std::optional<Refusal> read_framing(RequestHead& head) {
  const Field* const encoding = head.find("transfer-encoding");
  const Field* length = nullptr;
  for (const Field& field : head.fields) {
    if (!same_token(field.name, "content-length")) continue;
    if (length) return Refusal{400, "Content-Length was sent more than once."};
    length = &field;
  }
  if (encoding) {
    if (length) return Refusal{400, "Content-Length and Transfer-Encoding were both sent."};
    if (head.minor_version == 0) return Refusal{400, "Transfer-Encoding has no meaning in HTTP/1.0."};
    bool unknown = false, empty = false, chunked_last = false, chunked_before = false;
    for_each_element(head, "transfer-encoding", [&](std::string_view coding) {
      chunked_before = chunked_before || chunked_last;
      chunked_last = same_token(coding, "chunked");
      unknown = unknown || !chunked_last;
      empty = empty || coding.empty();
    });
    if (chunked_before || !chunked_last || empty) return Refusal{400, "Transfer-Encoding is not valid."};
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

}  // namespace

std::optional<Refusal> check_head(RequestHead& head) {
  if (auto refusal = read_target(head)) return refusal;
  if (auto refusal = read_host(head)) return refusal;
  if (auto refusal = read_framing(head)) return refusal;
  read_connection(head);
  const Field* const expect = head.find("expect");
  head.expects_continue = expect && head.minor_version > 0 && same_token(expect->value, "100-continue");
  return std::nullopt;
}

}  // namespace http
