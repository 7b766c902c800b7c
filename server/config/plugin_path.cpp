#include "config/plugin_path.hpp"

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "config/error.hpp"

namespace config {
namespace {

using std::filesystem::path;

constexpr std::string_view kSuffix = ".so";

// Symbolic links stay as they are: a deploy that moves one must be seen by the next reload.
path whole_path(const path& file) { return std::filesystem::absolute(file).lexically_normal(); }

bool is_file(const path& file) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(file, ignored);
}

bool is_folder(const path& folder) {
  std::error_code ignored;
  return std::filesystem::is_directory(folder, ignored);
}

[[noreturn]] void refuse(const std::string& wanted) { throw std::invalid_argument("want " + wanted); }

// A prefix stands before the patterns of the routes, and must be a path that can be asked for as it is.
std::string parse_prefix(std::string_view prefix) {
  while (prefix.ends_with('/')) prefix.remove_suffix(1);
  const bool bad = std::any_of(prefix.begin(), prefix.end(), [](char c) {
    return c <= ' ' || c >= 0x7f || std::string_view("?#%{}\"\\").find(c) != std::string_view::npos;
  });
  if (bad || prefix.find("//") != prefix.npos) refuse("a plain path such as /api before the '='");
  return std::string(prefix);
}

path installed_folder(const std::string& executable) {
  const path binaries = path(executable).parent_path();
  const path installed = whole_path(binaries / APPSERVER_PLUGINS_FROM_BINARY);
  const path built = whole_path(binaries / "../plugins");
  return !is_folder(installed) && is_folder(built) ? built : installed;
}

}  // namespace

PluginFile parse_plugin(std::string_view given) {
  PluginFile plugin{.prefix = "", .file = std::string(given), .given = std::string(given)};
  const auto equals = given.find('=');
  if (given.starts_with('/') && equals != given.npos) {
    plugin.prefix = parse_prefix(given.substr(0, equals));
    plugin.file = given.substr(equals + 1);
  } else if (equals < given.find('/')) {
    refuse("a prefix that begins with '/', as in /" + std::string(given));
  }
  if (plugin.file.empty()) refuse("[/PREFIX=]FILE, such as slow.so or /api=./slow.so");
  return plugin;
}

std::vector<std::string> plugin_folders(const std::map<std::string, std::string>& environment,
                                        const std::string& executable) {
  std::vector<std::string> folders;
  if (const auto found = environment.find("APPSERVER_PLUGIN_PATH"); found != environment.end()) {
    for (std::string_view rest = found->second; !rest.empty();) {
      const std::string_view folder = rest.substr(0, rest.find(':'));
      rest.remove_prefix(std::min(folder.size() + 1, rest.size()));
      if (!folder.empty()) folders.push_back(whole_path(folder));
    }
  }
  folders.push_back(std::filesystem::current_path());
  folders.push_back(installed_folder(executable));
  return folders;
}

std::string find_plugin(const std::string& file, const std::vector<std::string>& folders) {
  const auto not_found = [&](const std::string& why) {
    return Error("plugin '" + file + "' is not there: " + why, base::ExitCode::plugin_load);
  };
  if (file.find('/') != file.npos) {
    const path whole = whole_path(file);
    if (is_file(whole)) return whole;
    throw not_found(is_folder(whole) ? whole.string() + " is a folder"
                                     : "there is no file " + whole.string());
  }
  const std::string name = file.ends_with(kSuffix) ? file : file + std::string(kSuffix);
  std::string looked;
  for (const std::string& folder : folders) {
    const path candidate = path(folder) / name;
    if (is_file(candidate)) return candidate;
    looked += (looked.empty() ? "" : ", ") + folder;
  }
  throw not_found("looked for " + name + " in " + looked + "; give its path, or set APPSERVER_PLUGIN_PATH");
}

}  // namespace config
