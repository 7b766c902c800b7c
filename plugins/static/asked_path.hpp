// What a request asks for, as a path below the root.
#pragma once

#include <optional>
#include <string>
#include <string_view>

struct AskedPath {
  std::string path;  // relative, decoded, without a slash at its end; `.` for the root itself
  bool as_folder;    // a slash stood at its end

  // `sent` is the request's path as it was sent, `decoded` what of it lies below the root. Nothing where it
  // names nothing that is served: an empty segment, `.` or `..`, a slash in a name, a NUL; a name that begins
  // with a dot, unless those are wanted (`hidden`) or it is .well-known (RFC 8615).
  static std::optional<AskedPath> read(std::string_view sent, std::string_view decoded, bool hidden);
};

// Whether a file or folder of that name is kept from clients that don't know of it: it begins with a dot.
bool is_hidden(std::string_view name);
