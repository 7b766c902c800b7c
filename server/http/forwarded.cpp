#include "http/forwarded.hpp"

#include <algorithm>
#include <boost/container/small_vector.hpp>

#include "base/trimmed.hpp"
#include "http/authority.hpp"
#include "http/forwarded_node.hpp"
#include "http/token.hpp"

namespace http {
namespace {

constexpr std::string_view kMalformed = "Forwarded is malformed";
constexpr std::string_view kMalformedFor = "X-Forwarded-For is malformed";
constexpr std::string_view kMalformedHost = "X-Forwarded-Host is malformed";

std::string_view scheme_in(std::string_view text) {
  for (const std::string_view scheme : {"http", "https"}) {
    if (same_token(text, scheme)) return scheme;
  }
  return {};
}

// --- Forwarded (RFC 7239 section 4) -------------------------------------------------------------------

// What one proxy has written. The values are without their quotes, and still escaped.
struct Element {
  std::string_view client, scheme, host;
  bool empty = true;
};
using Elements = boost::container::small_vector<Element, 4>;

// Takes a prefix of `rest`: the characters of a token, or a quoted-string (RFC 9110 section 5.6.4), of which
// it gives what is between the quotes. Nothing where neither is there.
std::optional<std::string_view> take_value(std::string_view& rest) {
  if (!rest.starts_with('"')) {
    const auto end = std::ranges::find_if_not(rest, is_token_char);
    const std::string_view token(rest.begin(), end);
    rest.remove_prefix(token.size());
    return token.empty() ? std::nullopt : std::optional(token);
  }
  for (std::size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] == '"') {
      const std::string_view text = rest.substr(1, i - 1);
      rest.remove_prefix(i + 1);
      return text;
    }
    if (rest[i] == '\\') ++i;
  }
  return std::nullopt;
}

// quoted-pair
std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') ++i;
    out += text[i];
  }
  return out;
}

// forwarded-pair; false where it is none, or says again what has been said.
bool take_pair(std::string_view& rest, Element& element) {
  const auto end = std::ranges::find_if_not(rest, is_token_char);
  const std::string_view name(rest.begin(), end);
  rest.remove_prefix(name.size());
  if (name.empty() || !rest.starts_with('=')) return false;
  rest.remove_prefix(1);
  const auto value = take_value(rest);
  if (!value) return false;
  element.empty = false;
  const auto keep = [&](std::string_view& where) {
    const bool again = where.data() != nullptr;
    where = *value;
    return !again;
  };
  if (same_token(name, "for")) return keep(element.client);
  if (same_token(name, "proto")) return keep(element.scheme);
  if (same_token(name, "host")) return keep(element.host);
  return true;
}

// The elements of one field, in their order. False where one of them is malformed.
bool parse_elements(std::string_view rest, Elements& elements) {
  rest = base::trimmed(rest);
  for (;;) {
    Element& element = elements.emplace_back();
    for (;;) {
      const bool pair_comes = !rest.empty() && is_token_char(rest.front());
      if (pair_comes && !take_pair(rest, element)) return false;
      if (!rest.starts_with(';')) break;
      rest.remove_prefix(1);
    }
    rest = base::trimmed(rest);
    if (rest.empty()) return true;
    if (!rest.starts_with(',')) return false;
    rest = base::trimmed(rest.substr(1));
  }
}

// Takes in what one proxy has written. Whether the one before it is to be heard too.
bool take_in(const Element& element, const net::TrustedProxies& trusted, Forwarded& said) {
  if (const auto scheme = scheme_in(unescaped(element.scheme)); !scheme.empty()) said.scheme = scheme;
  if (std::string host = unescaped(element.host); !host.empty()) {
    if (is_authority(host)) {
      said.host = std::move(host);
    } else {
      said.fault = kMalformed;
    }
  }
  if (element.client.data() == nullptr) return false;
  const auto client = parse_node(unescaped(element.client));
  if (!client) said.fault = kMalformed;
  said.client = client.value_or(net::Peer{});
  return trusted.contains(*said.client);
}

// --- X-Forwarded-* ------------------------------------------------------------------------------------

// Calls `each` for the elements of a list, the last of the last field first, for as long as it returns true.
template <typename Each>
void for_each_from_right(const RequestHead& head, std::string_view name, Each each) {
  for (auto field = head.fields.rbegin(); field != head.fields.rend(); ++field) {
    if (!same_token(field->name, name)) continue;
    std::string_view rest = field->value;
    for (;;) {
      const std::size_t comma = rest.rfind(',');
      const std::string_view element = base::trimmed(comma == rest.npos ? rest : rest.substr(comma + 1));
      if (!element.empty() && !each(element)) return;
      if (comma == rest.npos) break;
      rest = rest.substr(0, comma);
    }
  }
}

// The element that the proxy has written which is `hops` before the last, or the first where the list is
// shorter: not every proxy adds to it.
std::string_view element_of(const RequestHead& head, std::string_view name, std::size_t hops) {
  std::string_view found;
  for_each_from_right(head, name, [&](std::string_view element) {
    found = element;
    return hops-- > 0;
  });
  return found;
}

}  // namespace

Forwarded read_forwarded(const RequestHead& head, const net::TrustedProxies& trusted) {
  Forwarded said;
  for (auto field = head.fields.rbegin(); field != head.fields.rend(); ++field) {
    if (!same_token(field->name, "forwarded")) continue;
    Elements elements;
    if (!parse_elements(field->value, elements)) {
      said.client = net::Peer{};
      said.fault = kMalformed;
      return said;
    }
    for (auto element = elements.rbegin(); element != elements.rend(); ++element) {
      if (!element->empty && !take_in(*element, trusted, said)) return said;
    }
  }
  return said;
}

Forwarded read_x_forwarded(const RequestHead& head, const net::TrustedProxies& trusted) {
  Forwarded said;
  std::size_t hops = 0;
  for_each_from_right(head, "x-forwarded-for", [&](std::string_view element) {
    if (said.client) ++hops;
    const auto client = parse_x_node(element);
    if (!client) said.fault = kMalformedFor;
    said.client = client.value_or(net::Peer{});
    return trusted.contains(*said.client);
  });
  said.scheme = scheme_in(element_of(head, "x-forwarded-proto", hops));
  const std::string_view host = element_of(head, "x-forwarded-host", hops);
  if (host.empty() || is_authority(host)) {
    said.host = host;
  } else {
    said.fault = kMalformedHost;
  }
  said.port = parse_port(element_of(head, "x-forwarded-port", hops)).value_or(0);
  return said;
}

}  // namespace http
