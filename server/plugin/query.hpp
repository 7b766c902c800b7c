// The query of a target, read as application/x-www-form-urlencoded (WHATWG URL, section 5).
#pragma once

#include <optional>
#include <string_view>

#include "plugin/percent.hpp"

namespace plugin {

// The first value of `name`, decoded: a view into `query` or `store`.
std::optional<std::string_view> find_in_query(std::string_view query, std::string_view name,
                                              TextStore& store);

}  // namespace plugin
