#include "config/load.hpp"

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "config/command_line.hpp"
#include "config/config_file.hpp"
#include "config/help.hpp"
#include "config/plugin_path.hpp"
#include "config/print_config.hpp"
#include "config/shell_words.hpp"
#include "config/values.hpp"
#include "config/version.hpp"

namespace config {
namespace {

constexpr const char* kDefaultFile = "appserver.conf";
constexpr const char* kArgumentsVariable = "APPSERVER_CMD_ARGS";

using Environment = std::map<std::string, std::string>;

// A variable that is empty is one that is not set.
std::string variable(const Environment& environment, const std::string& name) {
  const auto found = environment.find(name);
  return found == environment.end() ? "" : found->second;
}

Layer defaults() {
  Layer layer;
  for (const Option& option : options()) {
    if (option.fallback.empty()) continue;
    layer.push_back({&option, std::string(option.fallback), std::string(option.name), "default"});
  }
  return layer;
}

// What platforms tell their programs, in the place of our own defaults.
Layer platform_defaults(const Environment& environment) {
  Layer layer;
  if (const std::string port = variable(environment, "PORT"); !port.empty()) {
    try {
      parse_count(port, {0, 65'535});
    } catch (const std::invalid_argument& error) {
      throw Error("PORT '" + port + "': " + error.what());
    }
    layer.push_back({find_option("bind"), "0.0.0.0:" + port, "PORT", "environment PORT"});
  }
  if (const std::string workers = variable(environment, "WEB_CONCURRENCY"); !workers.empty()) {
    layer.push_back({find_option("workers"), workers, "WEB_CONCURRENCY", "environment WEB_CONCURRENCY"});
  }
  if (const std::string ips = variable(environment, "FORWARDED_ALLOW_IPS"); !ips.empty()) {
    layer.push_back(
        {find_option("forwarded-allow-ips"), ips, "FORWARDED_ALLOW_IPS", "environment FORWARDED_ALLOW_IPS"});
  }
  return layer;
}

Layer environment_arguments(const Environment& environment) {
  try {
    return parse_command_line(shell_words(variable(environment, kArgumentsVariable)), kArgumentsVariable);
  } catch (const std::invalid_argument& error) {
    throw Error(std::string(kArgumentsVariable) + ": " + error.what());
  }
}

ConfigFile config_file(const Layer& given) {
  const Option* config = find_option("config");
  const auto named =
      std::find_if(given.begin(), given.end(), [&](const Given& one) { return one.option == config; });
  if (named != given.end()) return read_config_file(named->value);
  std::error_code ignored;
  return std::filesystem::exists(kDefaultFile, ignored) ? read_config_file(kDefaultFile) : ConfigFile{};
}

// The first in the order of Action, where several are asked for: who asks for help gets it.
Action action_of(const Layer& given) {
  Action action = Action::serve;
  for (const Given& one : given) {
    const Action asked = one.option->action;
    if (asked != Action::serve && (action == Action::serve || asked < action)) action = asked;
  }
  return action;
}

void find_plugins(Settings& settings, const Sources& sources) {
  if (settings.plugins.empty()) {
    throw Error("no plugin to serve: give one with --plugin, as in appserver --plugin slow.so");
  }
  const auto folders = plugin_folders(sources.environment, sources.executable);
  for (PluginFile& plugin : settings.plugins) plugin.file = find_plugin(plugin.file, folders);
}

void refuse_twins(const Settings& settings) {
  const auto& plugins = settings.plugins;
  for (auto one = plugins.begin(); one != plugins.end(); ++one) {
    const bool twice = std::any_of(plugins.begin(), one, [&](const PluginFile& other) {
      return other.prefix == one->prefix && other.file == one->file;
    });
    if (twice) throw Error("--plugin '" + one->given + "': " + one->file + " is given twice; leave one out");
  }
  const auto& binds = settings.binds;
  for (auto one = binds.begin(); one != binds.end(); ++one) {
    if (std::find(binds.begin(), one, *one) != one) {
      throw Error("--bind '" + one->text() + "' is given twice; leave one out");
    }
  }
}

}  // namespace

Invocation load(const Sources& sources) {
  const Layer command_line = parse_command_line(sources.arguments);
  const Layer environment = environment_arguments(sources.environment);
  Invocation invocation;
  invocation.action = action_of(strongest({environment, command_line}));
  if (invocation.action == Action::help) invocation.text = help();
  if (invocation.action == Action::version) invocation.text = "appserver " + std::string(version()) + '\n';
  if (!invocation.text.empty() || invocation.action == Action::list_hooks) return invocation;

  ConfigFile file = config_file(strongest({environment, command_line}));
  // A wrong value is wrong even where a stronger source makes it count for nothing.
  for (const Layer& layer : {file.layer, environment, command_line}) {
    Settings scratch;
    for (const Given& given : layer) apply(given, scratch);
  }
  const Layer given =
      strongest({defaults(), platform_defaults(sources.environment), file.layer, environment, command_line});
  Settings& settings = invocation.settings;
  for (const Given& one : given) apply(one, settings);
  settings.plugin_settings = std::move(file.plugin_settings);
  if (invocation.action == Action::print_config) {
    invocation.text = print_config(given, settings.plugin_settings);
    return invocation;
  }
  try {
    find_plugins(settings, sources);
  } catch (const Error& error) {
    if (invocation.action == Action::check_config)
      throw Error(error.what());  // which only knows right and wrong
    throw;
  }
  refuse_twins(settings);
  return invocation;
}

}  // namespace config
