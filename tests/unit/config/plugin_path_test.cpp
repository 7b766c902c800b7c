#include "config/plugin_path.hpp"

#include <stdexcept>

#include "catch.hpp"
#include "config/error.hpp"
#include "temporary_folder.hpp"

using namespace config;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("a plugin is a file, with a prefix or without") {
  CHECK(parse_plugin("slow.so").file == "slow.so");
  CHECK(parse_plugin("/opt/slow.so").prefix == "");
  CHECK(parse_plugin("/opt/slow.so").file == "/opt/slow.so");
  CHECK(parse_plugin("/api/v1=./slow.so").prefix == "/api/v1");
  CHECK(parse_plugin("/api/v1=./slow.so").file == "./slow.so");
  CHECK(parse_plugin("/api/v1=./slow.so").given == "/api/v1=./slow.so");
}

TEST_CASE("a prefix has no slash at its end, and may be nothing but one") {
  CHECK(parse_plugin("/api/=slow.so").prefix == "/api");
  CHECK(parse_plugin("/=/opt/a=b.so").prefix == "");
  CHECK(parse_plugin("/=/opt/a=b.so").file == "/opt/a=b.so");
  CHECK(parse_plugin("./a=b.so").file == "./a=b.so");
}

TEST_CASE("a prefix that no request can begin with is refused") {
  const std::string given =
      GENERATE("/a b=x.so", "/a?=x.so", "/a//b=x.so", "/{id}=x.so", "/%41=x.so", "/\xc3\xa4=x.so");
  CAPTURE(given);
  CHECK_THROWS_WITH(parse_plugin(given), ContainsSubstring("a plain path such as /api"));
}

TEST_CASE("a plugin without a file, or with a prefix that lacks its slash, is refused") {
  CHECK_THROWS_WITH(parse_plugin(""), ContainsSubstring("[/PREFIX=]FILE"));
  CHECK_THROWS_WITH(parse_plugin("/api="), ContainsSubstring("[/PREFIX=]FILE"));
  CHECK_THROWS_WITH(parse_plugin("api=x.so"), ContainsSubstring("begins with '/', as in /api=x.so"));
}

TEST_CASE("a bare name is looked for in each folder in turn") {
  const TemporaryFolder folder;
  const std::vector<std::string> folders = {folder / "none", folder / "a", folder / "b"};
  const std::string second = folder.write("b/slow.so", "");
  CHECK(find_plugin("slow.so", folders) == second);
  CHECK(find_plugin("slow", folders) == second);
  const std::string first = folder.write("a/slow.so", "");
  CHECK(find_plugin("slow", folders) == first);
}

TEST_CASE("a folder is not a plugin") {
  const TemporaryFolder folder;
  folder.write("slow.so/file", "");
  CHECK_THROWS_AS(find_plugin("slow", {folder / ""}), Error);
  CHECK_THROWS_WITH(find_plugin(folder / "slow.so", {}), ContainsSubstring("is a folder"));
}

TEST_CASE("a name with a slash is a path and nothing else") {
  const TemporaryFolder folder;
  const std::string file = folder.write("deep/slow.so", "");
  CHECK(find_plugin(file, {}) == file);
  CHECK(find_plugin(folder / "deep/../deep/./slow.so", {}) == file);
  CHECK_THROWS_AS(find_plugin(folder / "deep/slow", {folder / "deep"}), Error);
}

TEST_CASE("a plugin that is not there is an error that says where it was looked for") {
  try {
    find_plugin("slow", {"/none/a", "/none/b"});
    FAIL("found");
  } catch (const Error& error) {
    CHECK(error.code == base::ExitCode::plugin_load);
    CHECK_THAT(error.what(), ContainsSubstring("slow.so in /none/a, /none/b;"));
  }
}

TEST_CASE("the folders are those of the path, the working folder and the binary's own") {
  const TemporaryFolder folder;
  folder.write("plugins/slow.so", "");
  const std::string here = std::filesystem::current_path();
  const std::string built = folder / "plugins";
  const std::string binary = folder / "bin/appserver";
  CHECK(plugin_folders({}, binary) == std::vector<std::string>{here, built});
  CHECK(plugin_folders({{"APPSERVER_PLUGIN_PATH", ":/a::/b/../c:"}}, binary) ==
        std::vector<std::string>{"/a", "/c", here, built});
}

TEST_CASE("the installed plugins are found from wherever the binary is installed") {
  const TemporaryFolder folder;
  const std::string installed = plugin_folders({}, folder / "bin/appserver").back();
  CHECK_THAT(installed, Catch::Matchers::StartsWith(folder / "lib"));
  CHECK_THAT(installed, Catch::Matchers::EndsWith("/appserver/plugins"));
  folder.write("plugins/slow.so", "");
  std::filesystem::create_directories(installed);
  CHECK(plugin_folders({}, folder / "bin/appserver").back() == installed);
}
