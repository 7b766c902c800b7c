#include "config/print_config.hpp"

#include <algorithm>

namespace config {

std::string print_config(const Layer& given, const std::map<std::string, PluginSettings>& plugin_settings) {
  const auto assignment = [](const Given& one) { return std::string(one.option->name) + " = " + one.value; };
  std::size_t column = 0;
  for (const Given& one : given) column = std::max(column, assignment(one).size());
  std::string text;
  for (const Given& one : given) {
    if (one.option->set == nullptr) continue;
    std::string line = assignment(one);
    line.resize(column, ' ');
    text += line + "  # " + one.source + '\n';
  }
  for (const auto& [plugin, settings] : plugin_settings) {
    text += "\n[" + plugin + "]\n";
    for (const auto& [key, value] : settings) text.append(key).append(" = ").append(value).append("\n");
  }
  return text;
}

}  // namespace config
