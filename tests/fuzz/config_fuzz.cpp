// A configuration file is read, or refused with the line that is wrong; what was read, written down again,
// reads the same.
#include <algorithm>
#include <sstream>
#include <string>

#include "config/config_file.hpp"
#include "config/error.hpp"
#include "fuzz.hpp"

namespace {

config::ConfigFile read(const std::string& text) {
  std::istringstream in(text);
  return config::read_config(in, "app.conf");
}

std::string written(const config::ConfigFile& file) {
  std::string text;
  for (const auto& given : file.layer) {
    text += std::string(given.option->name) + " = " + given.value + "\n";
  }
  // Not in sections: a line `[key = value]` would be one.
  for (const auto& [plugin, settings] : file.plugin_settings) {
    for (const auto& [key, value] : settings) text += plugin + "." + key + " = " + value + "\n";
  }
  return text;
}

bool same(const config::ConfigFile& one, const config::ConfigFile& other) {
  const auto same_given = [](const config::Given& a, const config::Given& b) {
    return a.option == b.option && a.value == b.value;
  };
  return std::equal(one.layer.begin(), one.layer.end(), other.layer.begin(), other.layer.end(), same_given) &&
         one.plugin_settings == other.plugin_settings;
}

}  // namespace

void fuzz(std::string_view input) {
  config::ConfigFile file;
  try {
    file = read(std::string(input));
  } catch (const config::Error& error) {
    const std::string text = error.what();
    expect(text.starts_with("app.conf:") && text.find_first_of("123456789") == 9, "an error names its line");
    return;
  }
  expect(same(read(written(file)), file), "what was read reads the same again");
}
