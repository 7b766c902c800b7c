// The known word that somebody most likely meant. Any process.
#pragma once

#include <string_view>
#include <vector>

namespace config {

// The word of `known` with the fewest typing errors to `word`, the first among equals; "" if none is near.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& known);

}  // namespace config
