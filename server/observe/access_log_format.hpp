// What stands in a line of the access log: the format of gunicorn's --access-logformat, taken apart once. A
// value, constant; the master reads it, workers write by it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "observe/access_atoms.hpp"
#include "observe/access_entry.hpp"

namespace observe {

class AccessLogFormat {
 public:
  static constexpr std::string_view kDefault =
      R"(%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s")";

  // Text with `%(h)s` and the like in it, and `%%` for a percent sign. Throws std::invalid_argument, which
  // says what is wrong at which character. Variables of the environment (`%({HOME}e)s`) are read now.
  static AccessLogFormat parse(std::string_view text);

  // Adds the line for `entry`, without its end. What comes from outside is escaped as nginx does it (see
  // escape.hpp), so that no client can forge a line, or the end of a field in quotes. What is missing is `-`.
  // Allocates only where `out` has to grow.
  void append(std::string& out, const AccessEntry& entry) const;

  bool operator==(const AccessLogFormat&) const = default;

 private:
  struct Piece {
    AppendAtom append;
    std::string text;  // that it is given: what stands there as it is, or a field's name
    bool operator==(const Piece&) const = default;
  };

  static Piece parse_atom(std::string_view name, char conversion);

  std::vector<Piece> pieces_;
};

}  // namespace observe
