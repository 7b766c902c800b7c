// Conditional requests (RFC 9110 section 13): a client that has an answer already is spared another, and one
// that changes a resource does not undo what somebody else has done to it.
#pragma once

#include <algorithm>
#include <appserver/detail/fields.hpp>
#include <appserver/http_date.hpp>
#include <appserver/request.hpp>
#include <appserver/response.hpp>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>

namespace APPSERVER_HIDDEN appserver {

// By what one state of a resource is told from another (section 8.8).
struct Validators {
  std::string etag;  // with its quotes: `"v1"`, or `W/"v1"` if only the meaning is the same; empty: none
  std::optional<std::time_t> modified;

  // Adds ETag and Last-Modified to an answer.
  Response on(Response response) const {
    if (!etag.empty()) response.header("ETag", etag);
    if (modified) response.header("Last-Modified", http_date(*modified));
    return response;
  }
};

namespace detail {

// Whether two entity tags are the same (section 8.8.3.2): strongly, where both must be strong; or weakly.
enum class Comparison { strong, weak };
inline bool same_etag(std::string_view a, std::string_view b, Comparison comparison) {
  const auto is_weak = [](std::string_view tag) { return tag.substr(0, 2) == "W/"; };
  if (comparison == Comparison::strong) return a == b && !is_weak(a) && !a.empty();
  const auto opaque = [&](std::string_view tag) { return is_weak(tag) ? tag.substr(2) : tag; };
  return opaque(a) == opaque(b) && !a.empty();
}

// Takes the next entity tag off a list; empty at its end, or where something else follows. A comma may stand
// within a tag.
inline std::string_view next_etag(std::string_view& list) {
  list.remove_prefix(std::min(list.find_first_not_of(" \t,"), list.size()));
  const std::size_t quote = list.substr(0, 2) == "W/" ? 2 : 0;
  const auto end = list.substr(quote, 1) == "\"" ? list.find('"', quote + 1) : std::string_view::npos;
  if (end == std::string_view::npos) return list = {};
  const auto tag = list.substr(0, end + 1);
  list.remove_prefix(tag.size());
  return tag;
}

// Whether a list of entity tags has the resource's, or is `*` and there is one; nothing where there is no
// such field.
inline std::optional<bool> lists_etag(const Request& request, std::string_view name,
                                      const std::optional<Validators>& now, Comparison comparison) {
  bool listed = false;
  const auto count = for_each_field(request, name, [&](std::string_view list) {
    if (!now) return;
    listed = listed || list == "*";
    for (auto tag = next_etag(list); !tag.empty(); tag = next_etag(list)) {
      listed = listed || same_etag(tag, now->etag, comparison);
    }
  });
  if (count == 0) return std::nullopt;
  return listed;
}

// Whether the resource is as old as a date says, or older; nothing where there is no such field, it is no
// date, or the resource has none.
inline std::optional<bool> unmodified_since(const Request& request, std::string_view name,
                                            const std::optional<Validators>& now) {
  const auto value = single_field(request, name);
  const auto date = value && now && now->modified ? parse_http_date(*value) : std::nullopt;
  if (!date) return std::nullopt;
  return *now->modified <= *date;
}

// Whether what the client has of the resource is the same to the last byte, so that a part can be added to it
// (section 13.1.5). A date is only compared: who wants to be sure has the entity tag.
inline bool if_range_holds(const Request& request, const Validators& now) {
  const auto value = single_field(request, "If-Range");
  if (!value) return !request.header("If-Range");
  if (value->find('"') != std::string_view::npos) return same_etag(*value, now.etag, Comparison::strong);
  const auto date = parse_http_date(*value);
  return date && date == now.modified;
}

}  // namespace detail

// Tries the request's conditions on the resource as it is now, in the order of section 13.2.2. Nothing: go
// on. Else the answer to give instead: 304, or 412 where the request must not be carried out. std::nullopt
// stands for a resource that is not there yet, which a PUT would make. Call it before anything is done, and
// after all checks that have answers of their own (404, 403).
//
//   const Validators now{etag_of(article), article.modified};
//   if (auto answer = check_conditions(request, now)) return *std::move(answer);
//   return now.on(text(render(article)));
inline std::optional<Response> check_conditions(const Request& request,
                                                const std::optional<Validators>& now) {
  using detail::Comparison;
  const auto failed = [] {
    return text("The resource is not as the request's conditions have it.").status(412);
  };
  const bool reads = request.method() == "GET" || request.method() == "HEAD";

  if (const auto listed = detail::lists_etag(request, "If-Match", now, Comparison::strong)) {
    if (!*listed) return failed();
  } else if (const auto unmodified = detail::unmodified_since(request, "If-Unmodified-Since", now)) {
    if (!*unmodified) return failed();
  }

  std::optional<bool> known = detail::lists_etag(request, "If-None-Match", now, Comparison::weak);
  if (!known && reads) known = detail::unmodified_since(request, "If-Modified-Since", now);
  if (!known || !*known) return std::nullopt;
  if (!reads) return failed();
  // Of what describes the answer, 304 repeats what a cache goes by (section 15.4.5).
  return Validators{now->etag, now->etag.empty() ? now->modified : std::nullopt}.on(Response().status(304));
}

}  // namespace appserver
