#include "config/config_file.hpp"

#include <boost/program_options/errors.hpp>
#include <boost/program_options/options_description.hpp>
#include <boost/program_options/parsers.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "config/error.hpp"

namespace config {
namespace {

namespace po = boost::program_options;

bool is_plugin_name(const std::string& name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

// One file on its way into a ConfigFile, a line at a time: Boost's parser, given the file whole, would not
// say which line a name stands on.
class Reader {
 public:
  explicit Reader(const std::string& file) : file_(file) {}

  void read_line(const std::string& line) {
    ++number_;
    const std::string text = trimmed(line.substr(0, line.find('#')));
    if (text.starts_with('[') && text.ends_with(']')) {
      open_section(text);
    } else {
      for (const po::option& found : parse(text)) take(found.string_key, found.value.front());
    }
  }

  ConfigFile result() && { return std::move(result_); }

 private:
  static std::string trimmed(const std::string& text) {
    constexpr const char* kBlanks = " \t\r";
    const auto begin = text.find_first_not_of(kBlanks);
    return begin == text.npos ? "" : text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
  }

  [[noreturn]] void refuse(const std::string& text) const { throw Error(here() + ": " + text); }
  std::string here() const { return file_ + ':' + std::to_string(number_); }

  void open_section(const std::string& line) {
    if (!is_plugin_name(line.substr(1, line.size() - 2))) {
      refuse("'" + line + "': want a plugin's name, of letters, digits, _ and -, in the brackets");
    }
    section_ = line;
  }

  std::vector<po::option> parse(const std::string& line) const {
    std::istringstream in(section_ + '\n' + line + '\n');
    try {
      return po::parse_config_file(in, po::options_description(), true).options;
    } catch (const po::error&) {
      refuse("'" + line + "': want name = value, or [plugin]");
    }
  }

  void take(const std::string& name, const std::string& value) {
    if (name.empty() || name.ends_with('.')) refuse("there is no name before the '='");
    const auto dot = name.find('.');  // Boost's way to say `section.key`
    if (dot == name.npos) {
      take_option(name, value);
    } else {
      take_plugin_setting(name.substr(0, dot), trimmed(name.substr(dot + 1)), value);
    }
  }

  void take_option(const std::string& name, const std::string& value) {
    const Option* option = find_option(name);
    if (option == nullptr) refuse("unknown option '" + name + "'" + did_you_mean(name, ""));
    if (option->set == nullptr) refuse("'" + name + "' is for the command line alone");
    if (!option->list) once(std::string(option->name));
    result_.layer.push_back({option, value, here() + ": " + name, "file " + here()});
  }

  void take_plugin_setting(const std::string& plugin, const std::string& key, const std::string& value) {
    if (!is_plugin_name(plugin)) {
      refuse("'" + plugin + "': want a plugin's name, of letters, digits, _ and -, before the dot");
    }
    once(plugin + '.' + key);
    result_.plugin_settings[plugin][key] = value;
  }

  void once(const std::string& name) {
    const auto [earlier, is_new] = lines_.emplace(name, number_);
    if (!is_new) refuse("'" + name + "' is given on line " + std::to_string(earlier->second) + " already");
  }

  const std::string file_;

  std::string section_;  // the line that opened it
  int number_ = 0;
  std::map<std::string, int> lines_;  // where each name stands that may stand once
  ConfigFile result_;
};

}  // namespace

ConfigFile read_config_file(const std::string& file) {
  std::ifstream text(file);
  const auto unreadable = [&](int error) {
    return Error("cannot read the configuration file " + file + ": " + std::strerror(error));
  };
  if (!text) throw unreadable(errno);
  ConfigFile result = read_config(text, file);
  if (text.bad()) throw unreadable(errno);  // a folder opens well
  return result;
}

ConfigFile read_config(std::istream& text, const std::string& file) {
  Reader reader(file);
  for (std::string line; std::getline(text, line);) reader.read_line(line);
  return std::move(reader).result();
}

}  // namespace config
