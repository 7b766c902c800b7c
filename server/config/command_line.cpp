#include "config/command_line.hpp"

#include <boost/program_options/errors.hpp>
#include <boost/program_options/options_description.hpp>
#include <boost/program_options/parsers.hpp>
#include <boost/program_options/value_semantic.hpp>

#include <algorithm>

#include "config/error.hpp"

namespace config {
namespace {

namespace po = boost::program_options;

po::options_description descriptions() {
  po::options_description all;
  const auto add = [&](std::string names, const Option& option) {
    if (!option.letter.empty()) names += ',' + std::string(option.letter);
    if (option.value.empty()) {
      all.add_options()(names.c_str(), "");
    } else {
      all.add_options()(names.c_str(), po::value<std::string>(), "");
    }
  };
  for (const Option& option : options()) {
    add(std::string(option.name), option);
    if (!option.spelling.empty()) add(std::string(option.spelling), option);
  }
  return all;
}

std::string without_dashes(const std::string& name) {
  return name.substr(std::min(name.find_first_not_of('-'), name.size()));
}

std::string value_missing(const std::string& name) {
  const Option* option = find_option(without_dashes(name));
  return name + " needs a value" + (option ? ": " + std::string(option->value) : "");
}

// `--plugin --workers 4`: to Boost, `--workers` is the plugin. A negative number may be meant as a value.
bool looks_like_option(const std::string& value) {
  return value.size() > 1 && value[0] == '-' && (value[1] < '0' || value[1] > '9');
}

// What Boost finds at once: a value that is missing, or one that is too many.
std::string syntax_error(const po::invalid_command_line_syntax& error) {
  const std::string name = error.get_option_name();
  if (error.kind() == po::invalid_syntax::missing_parameter ||
      error.kind() == po::invalid_syntax::empty_adjacent_parameter) {
    return value_missing(name);
  }
  return name + " takes no value";
}

std::string unknown(const std::string& token) {
  const std::string option = token.substr(0, token.find('='));
  const std::string near = option.starts_with("--") ? did_you_mean(without_dashes(option), "--") : "";
  return "unknown option " + option + (near.empty() ? "; see appserver --help" : near);
}

std::string stray(const std::string& token) {
  return '\'' + token + "' is not an option" +
         (token.ends_with(".so") ? ": give plugins as --plugin " + token : "; see appserver --help");
}

}  // namespace

Layer parse_command_line(const std::vector<std::string>& arguments, const std::string& variable) {
  using namespace po::command_line_style;
  const std::string where = variable.empty() ? "" : variable + ": ";
  const std::string source = variable.empty() ? "command line" : "environment " + variable;
  const po::options_description known = descriptions();
  Layer layer;
  try {
    const po::parsed_options parsed = po::command_line_parser(arguments)
                                          .options(known)
                                          .style(unix_style & ~allow_guessing)
                                          .allow_unregistered()
                                          .run();
    for (const po::option& found : parsed.options) {
      if (found.position_key >= 0) throw Error(where + stray(found.value.front()));
      if (found.unregistered) throw Error(where + unknown(found.original_tokens.front()));
      const std::string name = "--" + found.string_key;
      const std::string value = found.value.empty() ? "" : found.value.front();
      const bool apart = found.original_tokens.size() > 1;  // not `--name=value`
      if (apart && looks_like_option(value)) throw Error(where + value_missing(name));
      layer.push_back({find_option(found.string_key), value, where + name, source});
    }
  } catch (const po::invalid_command_line_syntax& error) {
    throw Error(where + syntax_error(error));
  }
  return layer;
}

}  // namespace config
