#include "accept_encoding.hpp"

#include <strings.h>

namespace {

using std::string_view;

bool same(string_view a, string_view b) {
  return a.size() == b.size() && ::strncasecmp(a.data(), b.data(), a.size()) == 0;
}

// Takes what stands before the next `separator` off `rest`, without the white space around it.
string_view next(string_view& rest, char separator) {
  const auto end = rest.find(separator);
  auto item = rest.substr(0, end);
  rest = end == string_view::npos ? string_view() : rest.substr(end + 1);
  const auto first = item.find_first_not_of(" \t");
  if (first == string_view::npos) return {};
  return item.substr(first, item.find_last_not_of(" \t") - first + 1);
}

// `0.5` in thousandths (section 12.4.2), or -1.
int read_weight(string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return -1;
  if (text.size() > 1 && text[1] != '.') return -1;
  int weight = text[0] - '0';
  for (std::size_t i = 2; i < 5; ++i) {
    const char digit = i < text.size() ? text[i] : '0';
    if (digit < '0' || digit > '9') return -1;
    weight = weight * 10 + (digit - '0');
  }
  return weight <= 1000 ? weight : -1;
}

}  // namespace

int wish_for(const appserver::Request& request, string_view coding) {
  int named = -1, any = -1;
  for (const auto [name, value] : request.headers()) {
    if (!same(name, "Accept-Encoding")) continue;
    for (string_view list = value; !list.empty();) {
      string_view item = next(list, ',');
      const string_view wanted = next(item, ';');
      const string_view parameter = next(item, ';');
      int weight = 1000;
      if (!parameter.empty())
        weight = same(parameter.substr(0, 2), "q=") ? read_weight(parameter.substr(2)) : -1;
      if (weight < 0) continue;
      if (same(wanted, coding)) named = weight;
      if (wanted == "*") any = weight;
    }
  }
  return named >= 0 ? named : any >= 0 ? any : 0;
}
