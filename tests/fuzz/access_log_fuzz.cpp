// A format on the first line, what a client sends on the others. Whatever that is, a line stays one line, and
// what stands in quotes ends where the format says.
#include <algorithm>
#include <stdexcept>
#include <string>

#include "fuzz.hpp"
#include "observe/access_log_format.hpp"

namespace {

struct Entry final : observe::AccessEntry {
  explicit Entry(std::string_view sent) {
    for (std::string_view* part : {&line, &path, &query, &first_, &second_}) {
      *part = sent.substr(0, sent.find('\n'));
      sent.remove_prefix(std::min(part->size() + 1, sent.size()));
    }
    client = "2001:db8::1";
    method = line;
    status = 200;
    body_size = sent.size();
  }
  std::string_view request_field(std::string_view name) const override {
    return name == "authorization" ? first_ : second_;
  }
  std::string_view response_field(std::string_view) const override { return first_; }

 private:
  std::string_view first_, second_;
};

std::string line_of(std::string_view format, const Entry& entry) {
  std::string line;
  observe::AccessLogFormat::parse(format).append(line, entry);
  return line;
}

}  // namespace

void fuzz(std::string_view input) {
  const std::string_view format = input.substr(0, input.find('\n'));
  const Entry entry(input.substr(std::min(format.size() + 1, input.size())));
  try {
    const std::string line = line_of(format, entry);
    expect(line.find_first_of(std::string_view("\0\n\r\x1b", 4)) == line.npos, "a line is one line");
  } catch (const std::invalid_argument& error) {
    expect(std::string_view(error.what()).find("at character ") == 0, "a format that is wrong says where");
  }

  const std::string usual = line_of(observe::AccessLogFormat::kDefault, entry);
  expect(std::ranges::all_of(usual, [](char c) { return c >= ' ' && c < '\x7f'; }),
         "a line is visible ASCII");
  expect(std::ranges::count(usual, '"') == 6, "quotes stand where the format has them");
  const std::string before_time = usual.substr(0, usual.find(" ["));
  expect(std::ranges::count(before_time, ' ') == 2, "a user is one word");
}
