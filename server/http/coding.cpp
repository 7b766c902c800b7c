#include "http/coding.hpp"

#include <algorithm>

#include "http/list.hpp"
#include "http/token.hpp"

namespace http {
namespace {

// A qvalue in thousandths (RFC 9110 section 12.4.2); nothing where it is none.
std::optional<int> parse_weight(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text.size() > 1 && text[1] != '.')) return std::nullopt;
  int weight = 0;
  for (std::size_t i = 0; i < 5; ++i) {
    if (i == 1) continue;
    const char digit = i < text.size() ? text[i] : '0';
    if (digit < '0' || digit > '9') return std::nullopt;
    weight = weight * 10 + (digit - '0');
  }
  return weight <= 1000 ? std::optional(weight) : std::nullopt;
}

// The weight that the client gives to `coding` itself; an element that is malformed says nothing.
std::optional<int> weight_of(std::string_view coding, const RequestHead& request) {
  std::optional<int> weight;
  for_each_element(request, "accept-encoding", [&](std::string_view element) {
    if (weight || !same_token(take_before(element, ';'), coding)) return;
    if (element.empty()) {
      weight = 1000;
    } else if (same_token(take_before(element, '='), "q")) {
      weight = parse_weight(element);
    }
  });
  return weight;
}

}  // namespace

std::string_view name_of(Coding coding) { return coding == Coding::gzip ? "gzip" : "br"; }

std::optional<Coding> choose_coding(const RequestHead& request, std::span<const Coding> offered) {
  if (!request.find("accept-encoding")) return std::nullopt;
  const int any = weight_of("*", request).value_or(0);
  int best = std::max(weight_of("identity", request).value_or(0), 1) - 1;  // the same weight is enough
  std::optional<Coding> chosen;
  for (const Coding coding : offered) {
    auto weight = weight_of(name_of(coding), request);
    if (!weight && coding == Coding::gzip) weight = weight_of("x-gzip", request);  // RFC 9110 section 8.4.1.3
    if (weight.value_or(any) <= best) continue;
    best = weight.value_or(any);
    chosen = coding;
  }
  return chosen;
}

}  // namespace http
