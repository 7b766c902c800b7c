#include "listing.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <appserver/offload.hpp>
#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>
#include <tuple>

#include "asked_path.hpp"

namespace {

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};
using Folder = std::unique_ptr<DIR, CloseFolder>;

Folder opened(int descriptor, const std::string& path) {
  Folder folder(::fdopendir(descriptor));
  if (folder) return folder;
  const int error = errno;
  ::close(descriptor);
  throw std::system_error(error, std::generic_category(), path);
}

// What a link within the root leads to; false where that is nothing to be served.
bool follow(const Root& root, const std::string& path, struct stat& status) {
  try {
    const int descriptor = root.open(path);
    const bool known = ::fstat(descriptor, &status) == 0;
    ::close(descriptor);
    return known;
  } catch (const std::system_error&) {
    return false;
  }
}

std::vector<Entry> read_entries(const Root& root, const std::string& path, bool hidden) {
  const Folder folder = opened(root.open(path), path);
  const std::string below = path + "/";
  std::vector<Entry> entries;
  while (const dirent* const next = ::readdir(folder.get())) {
    const std::string name = next->d_name;
    if (name == "." || name == ".." || (is_hidden(name) && !hidden)) continue;
    struct stat status {};
    if (::fstatat(::dirfd(folder.get()), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) continue;
    if (S_ISLNK(status.st_mode) && !follow(root, below + name, status)) continue;
    if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) continue;
    entries.push_back(
        {name, S_ISDIR(status.st_mode), static_cast<std::uint64_t>(status.st_size), status.st_mtim.tv_sec});
    if (entries.size() > kMostEntries) break;
  }
  return entries;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

// A name as a segment of a URL (RFC 3986 section 2.3: all but the unreserved characters are encoded).
std::string encoded(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const bool unreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                            c == '-' || c == '.' || c == '_' || c == '~';
    if (unreserved) {
      out += c;
    } else {
      constexpr char kDigits[] = "0123456789ABCDEF";
      const auto byte = static_cast<unsigned char>(c);
      out.append({'%', kDigits[byte >> 4], kDigits[byte & 15]});
    }
  }
  return out;
}

std::string size_of(const Entry& entry) {
  if (entry.is_folder) return "";
  constexpr std::array kUnits = {"B", "KiB", "MiB", "GiB", "TiB"};
  auto size = static_cast<double>(entry.size);
  std::size_t unit = 0;
  for (; size >= 1024 && unit + 1 < kUnits.size(); ++unit) size /= 1024;
  char text[32];
  std::snprintf(text, sizeof text, unit == 0 ? "%.0f %s" : "%.1f %s", size, kUnits[unit]);
  return text;
}

std::string time_of(const Entry& entry) {
  std::tm utc{};
  ::gmtime_r(&entry.modified, &utc);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%d %H:%M", &utc)};
}

constexpr const char* kHead = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.3rem; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid #8884; white-space: nowrap; }
th { font-size: .85rem; font-weight: 600; opacity: .7; }
td:first-child { width: 100%; white-space: normal; overflow-wrap: anywhere; }
.n { text-align: right; font-variant-numeric: tabular-nums; }
a { text-decoration: none; }
a:hover { text-decoration: underline; }
</style>
)";

}  // namespace

std::vector<Entry> entries_of(const Root& root, const std::string& path, bool hidden) {
  auto entries = appserver::offload([&] { return read_entries(root, path, hidden); });
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::tie(b.is_folder, a.name) < std::tie(a.is_folder, b.name);
  });
  return entries;
}

std::string listing_page(const std::string& path, const std::vector<Entry>& entries) {
  const bool at_root = path == ".";
  const std::string title = "Index of /" + (at_root ? "" : escaped(path) + "/");
  std::string page = kHead;
  page += "<title>" + title + "</title>\n</head>\n<body>\n<h1>" + title + "</h1>\n<table>\n";
  page +=
      "<thead><tr><th>Name</th><th class=\"n\">Size</th><th class=\"n\">Modified (UTC)</th></tr></thead>\n";
  page += "<tbody>\n";
  if (!at_root) page += "<tr><td><a href=\"../\">../</a></td><td></td><td></td></tr>\n";
  for (std::size_t i = 0; i < entries.size() && i < kMostEntries; ++i) {
    const Entry& entry = entries[i];
    const char* const slash = entry.is_folder ? "/" : "";
    page += "<tr><td><a href=\"" + encoded(entry.name) + slash + "\">" + escaped(entry.name) + slash +
            "</a></td><td class=\"n\">" + size_of(entry) + "</td><td class=\"n\">" + time_of(entry) +
            "</td></tr>\n";
  }
  page += "</tbody>\n</table>\n";
  if (entries.size() > kMostEntries) page += "<p>There are more, which are not shown.</p>\n";
  return page + "</body>\n</html>\n";
}
