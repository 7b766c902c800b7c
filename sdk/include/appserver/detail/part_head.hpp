// Takes the head of one part of a multipart/form-data body apart, line by line (RFC 7578 section 4).
#pragma once

#include <appserver/detail/form_reader.hpp>
#include <appserver/detail/header_value.hpp>
#include <string_view>
#include <utility>

namespace APPSERVER_HIDDEN appserver {
namespace detail {

class PartHeadParser {
 public:
  // Takes one line, without its end. Null, or what is wrong with it: "has a ...".
  const char* add(std::string_view line) {
    for (const char c : line) {
      if ((static_cast<unsigned char>(c) < ' ' && c != '\t') || c == '\x7f') {
        return "has a control character in its head, or a line that does not end with CRLF";
      }
    }
    const auto colon = line.find(':');
    if (colon == line.npos || !is_token(line.substr(0, colon)))
      return "has a line in its head that is no header";
    const auto name = to_lower(line.substr(0, colon));
    const auto value = line.substr(colon + 1);
    if (name == "content-disposition") return add_disposition(value);
    if (name == "content-type") return add_type(value);
    if (name == "content-transfer-encoding") return check_encoding(value);
    return nullptr;  // all others are ignored (section 4.8)
  }

  // The same for the head as a whole.
  const char* finish() const { return named_ ? nullptr : "has no Content-Disposition header"; }

  PartHead head() { return std::move(head_); }

 private:
  // Of `filename*` RFC 7578 section 4.2 says that it must not be used: it is ignored.
  const char* add_disposition(std::string_view text) {
    if (named_) return "has two Content-Disposition headers";
    const auto disposition = parse_header_value(text);
    if (!disposition) return "has a malformed Content-Disposition header";
    const auto* const name = disposition->find("name");
    if (disposition->value != "form-data" || !name) {
      return "has a Content-Disposition that is not form-data with a name";
    }
    head_.name = *name;
    if (const auto* const filename = disposition->find("filename")) head_.filename = *filename;
    named_ = true;
    return nullptr;
  }

  const char* add_type(std::string_view text) {
    if (typed_) return "has two Content-Type headers";
    typed_ = true;
    skip_space(text);
    text = text.substr(0, text.find_last_not_of(" \t") + 1);
    if (!text.empty()) head_.content_type = text;
    return nullptr;
  }

  // Deprecated (section 4.7). The identity ones change nothing; to hand on the others undecoded would be
  // wrong.
  static const char* check_encoding(std::string_view text) {
    const auto encoding = parse_header_value(text);
    const auto is = [&](std::string_view identity) { return encoding && encoding->value == identity; };
    if (is("binary") || is("8bit") || is("7bit")) return nullptr;
    return "has a Content-Transfer-Encoding other than binary, 8bit or 7bit";
  }

  PartHead head_;
  bool named_ = false;
  bool typed_ = false;
};

}  // namespace detail
}  // namespace appserver
