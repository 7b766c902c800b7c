#include "observe/access_log_format.hpp"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace observe {
namespace {

// What may be asked for with `d` in the place of `s`.
constexpr std::string_view kNumbers = "BTMD";

[[noreturn]] void refuse(std::size_t at, const std::string& why) {
  throw std::invalid_argument("at character " + std::to_string(at + 1) + ": " + why);
}

std::string atom_letters() {
  std::string letters;
  for (const Atom& atom : atoms()) letters.append(letters.empty() ? "" : " ").append(1, atom.letter);
  return letters;
}

}  // namespace

AccessLogFormat AccessLogFormat::parse(std::string_view text) {
  AccessLogFormat format;
  std::string literal;
  const auto end_literal = [&] {
    if (!literal.empty()) format.pieces_.push_back({append_literal, std::exchange(literal, {})});
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (static_cast<unsigned char>(c) < ' ' && c != '\t')
      refuse(at, "a log's line has no control characters");
    if (c != '%') {
      literal += c;
      continue;
    }
    if (text.substr(at, 2) == "%%") {
      literal += text[++at];
      continue;
    }
    const std::size_t close = text.find(')', at);
    if (!text.substr(at).starts_with("%(") || close == text.npos || close + 1 == text.size()) {
      refuse(at, "want an atom such as %(h)s, or %% for a percent sign");
    }
    end_literal();
    try {
      format.pieces_.push_back(parse_atom(text.substr(at + 2, close - at - 2), text[close + 1]));
    } catch (const std::invalid_argument& error) {
      refuse(at, error.what());
    }
    at = close + 1;
  }
  end_literal();
  return format;
}

AccessLogFormat::Piece AccessLogFormat::parse_atom(std::string_view name, char conversion) {
  const std::string written = "%(" + std::string(name) + ')' + conversion;
  const auto want = [&](const std::string& what) { throw std::invalid_argument(written + ": want " + what); };
  const auto atom = std::ranges::find_if(
      atoms(), [&](const Atom& one) { return name.size() == 1 && name.front() == one.letter; });
  const bool number = kNumbers.find(name) != kNumbers.npos && name.size() == 1;
  if (conversion != 's' && !(number && conversion == 'd')) want("an s behind the bracket");
  if (atom != atoms().end()) return {atom->append, std::string(atom->text)};

  const bool braced = name.size() > 3 && name.front() == '{' && name[name.size() - 2] == '}';
  const std::string inner(braced ? name.substr(1, name.size() - 3) : "");
  switch (braced ? name.back() : '\0') {
    case 'i':
      return {append_request_field, inner};
    case 'o':
      return {append_response_field, inner};
    case 'e': {
      const char* const value = std::getenv(inner.c_str());
      return {append_literal, value && *value ? value : "-"};
    }
    default:
      want("one of " + atom_letters() + ", or {FIELD}i of the request, {FIELD}o of the answer, {VARIABLE}e");
  }
  return {};
}

void AccessLogFormat::append(std::string& out, const AccessEntry& entry) const {
  for (const Piece& piece : pieces_) piece.append(out, entry, piece.text);
}

}  // namespace observe
