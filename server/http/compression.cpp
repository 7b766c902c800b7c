#include "http/compression.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "http/list.hpp"
#include "http/token.hpp"

namespace http {
namespace {

// An answer with one of these is encoded already, or says something of the very bytes that its handler wrote.
constexpr std::array<std::string_view, 6> kBinding = {"content-encoding", "content-range", "content-digest",
                                                      "repr-digest",      "digest",        "content-md5"};

// Of these the fields are those of the 200 that they are parts of, or stand for: a cache keeps them for it,
// and has to know that it varies (RFC 9110 sections 15.3.7 and 15.4.5).
bool stands_for_another(int status) { return status == 206 || status == 304; }

struct Line {
  std::string_view name;
  std::string_view value;
};

Line take_line(std::string_view& fields) {
  const std::size_t end = fields.find("\r\n"), colon = fields.find(':');
  const Line line{fields.substr(0, colon), fields.substr(colon + 2, end - colon - 2)};
  fields.remove_prefix(end + 2);
  return line;
}

// Whether a field's value, a list, has this element.
bool lists(std::string_view value, std::string_view element) {
  bool found = false;
  for_each_element(value, [&](std::string_view one) { found = found || same_token(one, element); });
  return found;
}

bool matches(std::string_view pattern, std::string_view type) {
  const std::size_t star = pattern.find('*');
  if (star == pattern.npos) return same_token(pattern, type);
  const std::string_view before = pattern.substr(0, star), behind = pattern.substr(star + 1);
  return type.size() >= before.size() + behind.size() && same_token(type.substr(0, before.size()), before) &&
         same_token(type.substr(type.size() - behind.size()), behind);
}

// Of which the parts alone have the type of what they are parts of.
bool is_multipart(std::string_view content_type) { return matches("multipart/byteranges*", content_type); }

}  // namespace

std::optional<Coding> Compression::apply(const RequestHead& request, int status,
                                         std::optional<std::uint64_t> length,
                                         boost::container::small_vector_base<char>& fields) const {
  if (status == 204 || status == 205) return std::nullopt;
  const bool as_it_is = stands_for_another(status);
  if (!as_it_is && length && *length < least_) return std::nullopt;
  const std::string before(fields.data(), fields.size());
  if (!is_worth_it(before, status)) return std::nullopt;

  // A body without a length needs chunks.
  const bool plain = as_it_is || request.minor_version == 0;
  const auto coding = plain ? std::nullopt : choose_coding(request, codings_);
  const auto add = [&](std::string_view text) { fields.insert(fields.end(), text.begin(), text.end()); };
  fields.clear();
  bool varies = false;
  for (std::string_view rest = before; !rest.empty();) {
    const std::string_view from = rest;
    const auto [name, value] = take_line(rest);
    varies = varies || (same_token(name, "vary") && (lists(value, "accept-encoding") || lists(value, "*")));
    if (coding && same_token(name, "accept-ranges")) continue;  // they would be ranges of another body
    if (coding && same_token(name, "etag") && !value.starts_with("W/")) {
      add("ETag: W/");
      add(value);
      add("\r\n");
    } else {
      add(from.substr(0, from.size() - rest.size()));
    }
  }
  if (!varies) add("Vary: Accept-Encoding\r\n");
  if (coding) {
    add("Content-Encoding: ");
    add(name_of(*coding));
    add("\r\n");
  }
  return coding;
}

bool Compression::is_worth_it(std::string_view fields, int status) const {
  bool covered = status == 304;  // without a type it may stand for any
  while (!fields.empty()) {
    const Line line = take_line(fields);
    const auto is = [&](std::string_view name) { return same_token(line.name, name); };
    if (status == 206 && is("content-range")) continue;
    if (std::ranges::any_of(kBinding, is)) return false;
    if (is("cache-control") && lists(line.value, "no-transform")) return false;
    if (is("content-type")) covered = covers(line.value) || (status == 206 && is_multipart(line.value));
  }
  return covered;
}

bool Compression::covers(std::string_view content_type) const {
  const std::string_view type = content_type.substr(0, content_type.find_first_of("; \t"));
  return std::ranges::any_of(types_, [&](const std::string& pattern) { return matches(pattern, type); });
}

}  // namespace http
