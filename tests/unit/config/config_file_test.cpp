#include "config/config_file.hpp"

#include "catch.hpp"
#include "config/error.hpp"
#include "temporary_folder.hpp"

using namespace config;

namespace {

struct Files {
  TemporaryFolder folder;

  ConfigFile read(const std::string& text) { return read_config_file(folder.write("app.conf", text)); }

  // What the error says, after the folder.
  std::string error_of(const std::string& text) {
    try {
      read(text);
      return "";
    } catch (const Error& error) {
      return std::string(error.what()).substr((folder / "").size());
    }
  }
};

}  // namespace

TEST_CASE("the file has options by their long names, with comments and blanks") {
  Files files;
  const ConfigFile file =
      files.read("# ours\nplugin = a.so\r\n\n  plugin=/b=b.so  # two\nlimit-request-field-size = 1K");
  REQUIRE(file.layer.size() == 3);
  CHECK(file.layer[0].value == "a.so");
  CHECK(file.layer[1].value == "/b=b.so");
  CHECK(file.layer[1].source == "file " + files.folder / "app.conf:4");
  CHECK(file.layer[2].option->name == "limit-request-field_size");
  CHECK(file.plugin_settings.empty());
}

TEST_CASE("a section has the settings of a plugin") {
  Files files;
  const ConfigFile file =
      files.read("workers = 2\n[up]\naddress = 127.0.0.1:80\na.b = x y\n[other-1]\nempty =\n");
  CHECK(file.layer.size() == 1);
  CHECK(file.plugin_settings.at("up") == PluginSettings{{"address", "127.0.0.1:80"}, {"a.b", "x y"}});
  CHECK(file.plugin_settings.at("other-1") == PluginSettings{{"empty", ""}});
}

TEST_CASE("a section may be opened again, and holds no options of the server") {
  Files files;
  const ConfigFile file = files.read("[a]\nx=1\n[b]\nx=2\n[a]\nworkers=3\n");
  CHECK(file.layer.empty());
  CHECK(file.plugin_settings.at("a") == PluginSettings{{"x", "1"}, {"workers", "3"}});
}

TEST_CASE("a wrong line is an error with file and line") {
  Files files;
  const auto [text, error] = GENERATE(table<std::string, std::string>({
      {"\n\nworker = 3\n", "app.conf:3: unknown option 'worker'; did you mean workers?"},
      {"certfile = x\n", "app.conf:1: unknown option 'certfile'"},
      {"help = 1\n", "app.conf:1: 'help' is for the command line alone"},
      {"config = a\n", "app.conf:1: 'config' is for the command line alone"},
      {"workers = 2\n#\nworkers = 3\n", "app.conf:3: 'workers' is given on line 1 already"},
      {"[a]\nx=1\nx=1\n", "app.conf:3: 'a.x' is given on line 2 already"},
      {"\nworkers\n", "app.conf:2: 'workers': want name = value, or [plugin]"},
      {"[a\n", "app.conf:1: '[a': want name = value, or [plugin]"},
      {"= 3\n", "app.conf:1: there is no name before the '='"},
      {"[a]\n= 3\n", "app.conf:2: there is no name before the '='"},
      {"[]\n", "app.conf:1: '[]': want a plugin's name, of letters, digits, _ and -, in the brackets"},
      {"a b.x = 1\n", "app.conf:1: 'a b': want a plugin's name, of letters, digits, _ and -, before the dot"},
      {"[a b]\n", "app.conf:1: '[a b]': want a plugin's name, of letters, digits, _ and -, in the brackets"},
  }));
  CHECK(files.error_of(text) == error);
}

TEST_CASE("a file that can't be read is an error by name") {
  const TemporaryFolder folder;
  CHECK_THROWS_WITH(
      read_config_file(folder / "none.conf"),
      "cannot read the configuration file " + folder / "none.conf" + ": No such file or directory");
  CHECK_THROWS_WITH(read_config_file(folder / ""),
                    "cannot read the configuration file " + folder / "" + ": Is a directory");
}
