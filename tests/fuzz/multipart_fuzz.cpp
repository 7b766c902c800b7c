// A multipart form with the boundary B comes to the same parts, or to the same refusal, wherever its bytes
// are cut; what was read, written down again, reads the same.
#include <array>
#include <utility>

#include "form_body.hpp"
#include "fuzz.hpp"

namespace {

ReadForm read(std::string_view input, std::size_t step) {
  return read_form(input, step,
                   [](appserver::Body& body) { return appserver::detail::MultipartReader(body, "B"); });
}

constexpr std::array<std::pair<char, std::string_view>, 4> kEscapes = {
    {{'"', "%22"}, {'\r', "%0D"}, {'\n', "%0A"}, {'\\', "\\\\"}}};

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto* const escape = std::ranges::find(kEscapes, c, &std::pair<char, std::string_view>::first);
    if (escape == kEscapes.end()) {
      out += c;
    } else {
      out += escape->second;
    }
  }
  return out + '"';
}

// A name that was written without quotes can look like an escape.
bool has_escape(std::string_view text) {
  return text.find("%22") != text.npos || text.find("%0D") != text.npos || text.find("%0A") != text.npos;
}

std::string written(const ReadForm& form) {
  std::string text;
  for (const FormPart& part : form.parts) {
    text += "--B\r\nContent-Disposition: form-data; name=" + in_quotes(part.name);
    if (part.filename) text += "; filename=" + in_quotes(*part.filename);
    text += "\r\nContent-Type: " + part.content_type + "\r\n\r\n" + part.value + "\r\n";
  }
  return text + "--B--\r\n";
}

}  // namespace

void fuzz(std::string_view input) {
  const ReadForm whole = read(input, input.size() + 1);
  for (const std::size_t step : {1, 2, 3, 5, 7}) expect(read(input, step) == whole, "a cut changes nothing");
  for (const FormPart& part : whole.parts) {
    expect(("\r\n" + part.value).find("\r\n--B") == std::string::npos, "a boundary ends a part");
    if (has_escape(part.name) || has_escape(part.filename.value_or(""))) return;
  }
  if (whole.error.empty()) {
    const std::string again = written(whole);
    expect(read(again, again.size()) == whole, "what was read reads the same again");
    expect(!read(again.substr(0, again.size() - 3), again.size()).error.empty(),
           "what is cut off is refused");
  }
}
