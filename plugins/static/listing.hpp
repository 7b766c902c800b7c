// A folder's contents as a page.
#pragma once

#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>
#include <vector>

#include "root.hpp"

struct Entry {
  std::string name;
  bool is_folder = false;
  std::uint64_t size = 0;
  std::time_t modified = 0;
};

// More than that no page shows.
inline constexpr std::size_t kMostEntries = 10'000;

// What a client could ask for in the folder at `path` below the root, folders first and then by name, cut
// behind kMostEntries. A link is what it leads to. Throws std::system_error. [may suspend]
std::vector<Entry> entries_of(const Root& root, const std::string& path, bool hidden);

// The page: HTML in UTF-8, whose links are relative. `path` is that below the root.
std::string listing_page(const std::string& path, const std::vector<Entry>& entries);
