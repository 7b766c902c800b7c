// GET /{path...}: serves the files of a folder. Mount it where they belong: `plugin = /assets=static.so`. It
// takes its name from its file, so that a second folder is a second link to it: `ln -s static.so photos.so`,
// mounted as `/photos=photos.so`, with its settings in [photos].

// clang-format off
//   [static]
//   root = /srv/www                  the folder; there is no default
//   index = index.html index.htm     what answers for a folder, the first that is there; by default index.html
//   listing = no                     whether a folder without one shows what is in it
//   hidden = no                      whether names that begin with a dot are served; .well-known always is
//   precompressed = yes              app.js.br and app.js.gz stand for app.js, where they are not older than it
//   cache_control = max-age=3600     by default no such header
//   charset = utf-8                  of text; empty: none is said
//   types = foo=text/x-foo md=text/plain    of suffixes that are not known, or known otherwise
// clang-format on
#include <appserver/plugin.hpp>
#include <sstream>
#include <string>
#include <system_error>
#include <utility>

#include "root.hpp"
#include "site.hpp"

using namespace appserver;

namespace {

std::vector<std::string> words(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

Root root_of(const App& app) {
  const auto setting = app.setting("root");
  const auto path = setting.required<std::string>();
  try {
    return Root(path);
  } catch (const std::system_error& error) {
    setting.refuse("can't be served: " + error.code().message());
  }
}

// The value of a setting that stands in a header as it is.
std::string header_text(const Value& setting, const std::string& otherwise) {
  const auto value = setting.as<std::string>().value_or(otherwise);
  for (const char c : value) {
    if (c < ' ' || c > '~') setting.refuse("has a character that can't stand in a header");
  }
  return value;
}

SiteSettings settings_of(const App& app) {
  SiteSettings settings;
  const auto index = app.setting("index");
  settings.index = words(index.as<std::string>().value_or("index.html"));
  for (const auto& name : settings.index) {
    if (name.find('/') != std::string::npos || name == "." || name == "..")
      index.refuse("is not a file's name");
  }
  settings.listing = app.setting("listing").as<bool>().value_or(false);
  settings.hidden = app.setting("hidden").as<bool>().value_or(false);
  settings.precompressed = app.setting("precompressed").as<bool>().value_or(true);
  settings.cache_control = header_text(app.setting("cache_control"), "");
  settings.charset = header_text(app.setting("charset"), "utf-8");
  const auto types = app.setting("types");
  for (const auto& word : words(header_text(types, ""))) {
    const auto equals = word.find('=');
    const auto slash = word.find('/', equals);
    if (equals == 0 || equals == std::string::npos || slash == std::string::npos) {
      types.refuse("is not a list of types such as foo=text/x-foo");
    }
    settings.types[word.substr(0, equals)] = word.substr(equals + 1);
  }
  return settings;
}

}  // namespace

APPSERVER_PLUGIN(app) { app.get("/{path...}", Site(root_of(app), settings_of(app))); }
