#include "answer.hpp"

#include <strings.h>

#include <charconv>
#include <cstddef>

namespace {

using std::string_view;

// Takes the text up to the next line end, which may be a bare LF, off `rest`.
string_view next_line(string_view& rest) {
  const auto end = rest.find('\n');
  if (end == string_view::npos) throw std::runtime_error("it ended within its head");
  auto line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  for (const char c : line) {
    if ((c >= '\0' && c < ' ' && c != '\t') || c == '\x7f')
      throw std::runtime_error("its head has control characters");
  }
  return line;
}

string_view trimmed(string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool is(string_view name, string_view other) {
  return name.size() == other.size() && ::strncasecmp(name.data(), other.data(), name.size()) == 0;
}

template <typename Number>
bool read(string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size();
}

int status_of(string_view line) {
  int status = 0;
  const bool http = line.substr(0, 7) == "HTTP/1." && line.size() >= 12 && line[8] == ' ';
  if (!http || !read(line.substr(9, 3), status) || (line.size() > 12 && line[12] != ' ')) {
    throw std::runtime_error("it is not HTTP/1");
  }
  if (status < 200 || status > 599) throw std::runtime_error("its status is not one of 200 to 599");
  return status;
}

}  // namespace

Answer Answer::parse(string_view wire) {
  Answer answer;
  answer.status = status_of(next_line(wire));
  std::size_t length = string_view::npos;
  for (auto line = next_line(wire); !line.empty(); line = next_line(wire)) {
    const auto colon = line.find(':');
    if (colon == string_view::npos) throw std::runtime_error("a line of its head is no header");
    const auto name = line.substr(0, colon);
    const auto value = trimmed(line.substr(colon + 1));
    if (is(name, "Content-Type")) answer.content_type = value;
    if (is(name, "Transfer-Encoding")) throw std::runtime_error("it is chunked, which HTTP/1.0 has not");
    if (is(name, "Content-Length") && !read(value, length))
      throw std::runtime_error("its length is no number");
  }
  if (length != string_view::npos && wire.size() < length) throw std::runtime_error("its body was cut short");
  answer.body = wire.substr(0, length);
  return answer;
}
