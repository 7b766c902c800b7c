#include "accept_encoding.hpp"

#include <appserver/detail/fields.hpp>

namespace {

using namespace appserver::detail;
using std::string_view;

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
  for_each_field(request, "accept-encoding", [&](string_view list) {
    while (!list.empty()) {
      string_view item = next_item(list, ',');
      const string_view wanted = next_item(item, ';');
      const string_view parameter = next_item(item, ';');
      int weight = 1000;
      if (!parameter.empty()) {
        weight = same_token(parameter.substr(0, 2), "q=") ? read_weight(parameter.substr(2)) : -1;
      }
      if (weight < 0) continue;
      if (same_token(wanted, coding)) named = weight;
      if (wanted == "*") any = weight;
    }
  });
  return named >= 0 ? named : any >= 0 ? any : 0;
}
