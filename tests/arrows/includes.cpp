#include "includes.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

namespace {

namespace fs = std::filesystem;

// Folder of server/ → what it may include besides itself and base. server/main.cpp is "main"; sdk is
// <appserver/...>. A new folder needs a line here first.
const std::map<std::string, std::set<std::string>> kArrows = {
    {"base", {}},
    {"net", {}},
    {"runtime", {}},
    {"config", {"net", "observe"}},
    {"observe", {}},
    {"hooks", {"runtime"}},
    {"http", {"runtime", "net"}},
    {"plugin", {"http", "runtime", "sdk", "observe"}},
    {"worker", {"http", "plugin", "runtime", "hooks", "observe", "net", "config"}},
    {"master", {"config", "net", "observe"}},
    {"main", {"master", "worker", "hooks", "config", "net"}},
};

struct Include {
  std::string name;  // between the quotes or brackets
  std::size_t line;
};

// The name that a line includes, or "".
std::string included_by(const std::string& line) {
  std::istringstream words(line);
  char hash = 0, delimiter = 0;
  std::string include, name;
  words >> hash;
  if (hash != '#') return "";
  words >> std::ws;
  while (std::isalpha(words.peek())) include += static_cast<char>(words.get());
  words >> delimiter;
  if (include != "include" || (delimiter != '<' && delimiter != '"')) return "";
  std::getline(words, name, delimiter == '<' ? '>' : '"');
  return name;
}

std::vector<Include> includes_of(const fs::path& file) {
  std::vector<Include> found;
  std::ifstream in(file);
  std::size_t number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (const std::string name = included_by(line); !name.empty()) found.push_back({name, number});
  }
  return found;
}

bool starts_with_folder(const std::string& name, const std::string& folder) {
  return name.starts_with(folder + "/");
}

// The folder of server/ that an include reaches, "sdk", or "" for anything else.
std::string target_of(const std::string& name) {
  if (starts_with_folder(name, "appserver")) return "sdk";
  const std::string folder = name.substr(0, name.find('/'));
  return folder != name && kArrows.contains(folder) ? folder : "";
}

// <vector>, <cstdint>: the C++ library's names have neither a dot nor a slash. <cxxabi.h> comes with it, and
// what opens files with the C library under it.
bool is_standard(const std::string& name) {
  static const std::set<std::string> kWithIt = {"cxxabi.h", "fcntl.h", "sys/stat.h", "unistd.h"};
  return name.find_first_of("./") == std::string::npos || kWithIt.contains(name);
}

// Why the include is wrong where it stands, or "".
std::string fault_in_server(const std::string& folder, const std::string& name) {
  const auto allowed = kArrows.find(folder);
  if (allowed == kArrows.end()) return folder + " is not in the table of arrows";
  const std::string target = target_of(name);
  if (!target.empty() && target != folder && target != "base" && !allowed->second.contains(target))
    return folder + " must not include " + target;
  if (folder == "master" && starts_with_folder(name, "boost")) return "master must not include Boost";
  if (folder != "config" && name.starts_with("boost/program_options"))
    return "only config reads options by Boost.ProgramOptions";
  return "";
}

std::string fault_in_sdk(const std::string& file, const std::string& name) {
  const bool of_c = name.starts_with("std") && name.ends_with(".h");
  if (file == "abi.h") return of_c ? "" : "abi.h includes only <std*.h>";
  if (of_c || is_standard(name) || target_of(name) == "sdk") return "";
  return "the SDK needs nothing but the standard library";
}

std::string fault_in_plugins(const std::string& name) {
  const std::string target = target_of(name);
  if (!target.empty() && target != "sdk") return "a plugin must not include the server";
  if (starts_with_folder(name, "boost")) return "a plugin is built against the SDK alone";
  return "";
}

bool is_source(const fs::path& file) {
  static const std::set<std::string> kinds = {".c", ".h", ".cpp", ".hpp"};
  return kinds.contains(file.extension().string());
}

}  // namespace

std::vector<std::string> broken_arrows(const fs::path& tree) {
  std::vector<std::string> faults;
  const auto check = [&](const fs::path& top, const auto& fault_of) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(tree / top)) {
      if (!entry.is_regular_file() || !is_source(entry.path())) continue;
      const fs::path file = fs::relative(entry.path(), tree);
      for (const Include& include : includes_of(entry.path())) {
        const std::string fault = fault_of(file, include.name);
        if (fault.empty()) continue;
        faults.push_back(file.string() + ":" + std::to_string(include.line) + ": " + fault + " (\"" +
                         include.name + "\")");
      }
    }
  };
  check("server", [](const fs::path& file, const std::string& name) {
    const bool in_folder = std::distance(file.begin(), file.end()) > 2;
    return fault_in_server(in_folder ? std::next(file.begin())->string() : "main", name);
  });
  check("sdk/include", [](const fs::path& file, const std::string& name) {
    return fault_in_sdk(file.filename().string(), name);
  });
  check("plugins", [](const fs::path&, const std::string& name) { return fault_in_plugins(name); });
  std::sort(faults.begin(), faults.end());
  return faults;
}
