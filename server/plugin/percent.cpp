#include "plugin/percent.hpp"

#include "http/token.hpp"

namespace plugin {
namespace {

std::string_view decode(std::string_view text, TextStore& store, bool plus_is_space) {
  if (text.find('%') == text.npos && (!plus_is_space || text.find('+') == text.npos)) return text;
  std::string& out = store.emplace_front();
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? http::hex_value(text[i + 1]) : -1;
    const int low = high >= 0 ? http::hex_value(text[i + 2]) : -1;
    if (low >= 0) {
      out += static_cast<char>(high << 4 | low);
      i += 2;
    } else {
      out += plus_is_space && text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

}  // namespace

std::string_view decode_percent(std::string_view text, TextStore& store) {
  return decode(text, store, false);
}
std::string_view decode_form(std::string_view text, TextStore& store) { return decode(text, store, true); }

}  // namespace plugin
