#include "asked_path.hpp"

namespace {

// No name has a slash in it, so that an encoded one is either a mistake or an attempt to be taken for another
// path by a proxy.
bool has_encoded_slash(std::string_view sent) {
  return sent.find("%2f") != std::string_view::npos || sent.find("%2F") != std::string_view::npos;
}

}  // namespace

bool is_hidden(std::string_view name) { return name.substr(0, 1) == "."; }

std::optional<AskedPath> AskedPath::read(std::string_view sent, std::string_view decoded, bool hidden) {
  if (has_encoded_slash(sent) || decoded.find('\0') != std::string_view::npos) return std::nullopt;
  if (decoded.empty()) return AskedPath{".", true};
  const bool as_folder = decoded.back() == '/';
  if (as_folder) decoded.remove_suffix(1);
  for (std::string_view rest = decoded;;) {
    const auto slash = rest.find('/');
    const auto name = rest.substr(0, slash);
    if (name.empty() || name == "." || name == "..") return std::nullopt;
    const bool well_known = name == ".well-known" && name.data() == decoded.data();
    if (is_hidden(name) && !hidden && !well_known) return std::nullopt;
    if (slash == std::string_view::npos) break;
    rest.remove_prefix(slash + 1);
  }
  return AskedPath{std::string(decoded), as_folder};
}
