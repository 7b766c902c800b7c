// The arrows of ARCHITECTURE.md hold in this checkout, and the check notices where they would not.
#include <unistd.h>

#include <fstream>

#include "catch.hpp"
#include "includes.hpp"

namespace {

namespace fs = std::filesystem;

// A small source tree in a folder of its own, gone at the end.
class Tree {
 public:
  Tree() : path_(fs::temp_directory_path() / ("appserver-arrows-" + std::to_string(getpid()))) {
    for (const char* folder : {"server", "sdk/include/appserver", "plugins"})
      fs::create_directories(path_ / folder);
  }
  ~Tree() { fs::remove_all(path_); }
  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;

  void add(const fs::path& file, const std::string& line) {
    fs::create_directories((path_ / file).parent_path());
    std::ofstream(path_ / file, std::ios::app) << line << '\n';
  }
  std::vector<std::string> faults() const { return broken_arrows(path_); }

 private:
  fs::path path_;
};

using Faults = std::vector<std::string>;

}  // namespace

TEST_CASE("the sources include along the arrows only") {
  CHECK(broken_arrows(APPSERVER_SOURCE_DIR) == Faults{});
}

TEST_CASE("an include along the arrows is left alone") {
  Tree tree;
  tree.add("server/main.cpp", "#include \"worker/worker.hpp\"");
  tree.add("server/worker/worker.hpp", "#include \"base/log.hpp\"  // why");
  tree.add("server/worker/worker.hpp", "#include <boost/asio.hpp>");
  tree.add("server/config/options.cpp", "#include <boost/program_options.hpp>");
  tree.add("sdk/include/appserver/abi.h", "#include <stddef.h>");
  tree.add("sdk/include/appserver/plugin.hpp", "#include <appserver/abi.h>");
  tree.add("plugins/pg/pg.cpp", "#include <libpq-fe.h>");
  CHECK(tree.faults() == Faults{});
}

TEST_CASE("an include against the arrows is named with its file and line") {
  Tree tree;
  tree.add("server/http/head.hpp", "#pragma once");
  tree.add("server/http/head.hpp", "  #  include \"plugin/router.hpp\"");
  tree.add("server/master/master.cpp", "#include <boost/asio.hpp>");
  tree.add("server/base/log.cpp", "#include \"net/listener.hpp\"");
  CHECK(tree.faults() ==
        Faults{"server/base/log.cpp:1: base must not include net (\"net/listener.hpp\")",
               "server/http/head.hpp:2: http must not include plugin (\"plugin/router.hpp\")",
               "server/master/master.cpp:1: master must not include Boost (\"boost/asio.hpp\")"});
}

TEST_CASE("Boost.ProgramOptions has one user") {
  Tree tree;
  tree.add("server/worker/worker.cpp", "#include <boost/program_options/variables_map.hpp>");
  CHECK(tree.faults().size() == 1);
}

TEST_CASE("a folder of the server that no arrow speaks of is a fault") {
  Tree tree;
  tree.add("server/utilities/strings.cpp", "#include <string>");
  CHECK(tree.faults().size() == 1);
}

TEST_CASE("the contract and the SDK include nothing that a plugin author might lack") {
  Tree tree;
  tree.add("sdk/include/appserver/abi.h", "#include <sys/types.h>");
  tree.add("sdk/include/appserver/detail/text.hpp", "#include <boost/json.hpp>");
  tree.add("sdk/include/appserver/plugin.hpp", "#include \"base/log.hpp\"");
  CHECK(tree.faults().size() == 3);
}

TEST_CASE("a plugin sees nothing of the server") {
  Tree tree;
  tree.add("plugins/a/a.cpp", "#include \"http/head.hpp\"");
  tree.add("plugins/a/b.cpp", "#include <boost/fiber/all.hpp>");
  CHECK(tree.faults().size() == 2);
}
