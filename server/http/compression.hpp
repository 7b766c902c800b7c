// Which answers are compressed, and what that changes in their heads (RFC 9110 sections 8.4, 8.8.3.3
// and 12.5.3). Constant while the worker lives. [worker]
#pragma once

#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "http/coding.hpp"
#include "http/compressor.hpp"
#include "http/request_head.hpp"

namespace http {

class Compression {
 public:
  // `codings`, the best first: none, and nothing is compressed. `types` are media types in small letters with
  // at most one `*` in each, "text/*". Answers of a known length of less than `least` bytes are left alone.
  explicit Compression(std::vector<Coding> codings = {}, std::vector<std::string> types = {},
                       std::uint64_t least = 0)
      : codings_(std::move(codings)), types_(std::move(types)), least_(least) {}

  bool on() const { return !codings_.empty(); }

  // The coding of the answer to `request` with these fields (lines, as they are sent) and, if it is known,
  // this length; nothing where it goes out as it is. Changes the fields to what holds of the answer then.
  std::optional<Coding> apply(const RequestHead& request, int status, std::optional<std::uint64_t> length,
                              boost::container::small_vector_base<char>& fields) const;

  // As Compressors::lease().
  Compressors::Lease compressor(Coding coding) { return compressors_.lease(coding); }

 private:
  bool is_worth_it(std::string_view fields, int status) const;
  bool covers(std::string_view content_type) const;

  const std::vector<Coding> codings_;
  const std::vector<std::string> types_;
  const std::uint64_t least_;

  Compressors compressors_;
};

}  // namespace http
