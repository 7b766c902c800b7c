#include "listing.hpp"

#include <sys/stat.h>

#include <filesystem>

#include "catch.hpp"
#include "fake_host.hpp"
#include "temporary_folder.hpp"

namespace fs = std::filesystem;

namespace {

// The names of what is listed, a slash behind folders.
std::string names_in(const TemporaryFolder& folder, const std::string& path, bool hidden = false) {
  FakeHost host;
  host.start([](appserver::App&) {});
  std::string names;
  for (const auto& entry : entries_of(Root(folder / ""), path, hidden)) {
    names += (names.empty() ? "" : " ") + entry.name + (entry.is_folder ? "/" : "");
  }
  return names;
}

}  // namespace

TEST_CASE("a listing shows what could be asked for, folders first") {
  const TemporaryFolder folder;
  folder.write("b", "");
  folder.write("a", "");
  folder.write("z/inner", "");
  folder.write(".hidden", "");
  ::mkfifo((folder / "fifo").c_str(), 0600);
  fs::create_symlink("a", folder / "to_a");
  fs::create_symlink("z", folder / "to_z");
  fs::create_symlink("nowhere", folder / "to_nowhere");
  fs::create_symlink("/etc/passwd", folder / "to_outside");
  fs::create_symlink("../..", folder / "z/up");
  CHECK(names_in(folder, ".") == "to_z/ z/ a b to_a");
  CHECK(names_in(folder, ".", true) == "to_z/ z/ .hidden a b to_a");
  CHECK(names_in(folder, "z") == "inner");
}

TEST_CASE("a page names each entry with its size and its time") {
  const std::string page = listing_page("a", {{"sub", true, 4096, 0}, {"x.iso", false, 1536, 784'111'777}});
  CHECK(page.find("<h1>Index of /a/</h1>") != std::string::npos);
  CHECK(page.find("<a href=\"../\">") != std::string::npos);
  CHECK(page.find("<a href=\"sub/\">sub/</a></td><td class=\"n\"></td>") != std::string::npos);
  CHECK(page.find("<a href=\"x.iso\">x.iso</a></td><td class=\"n\">1.5 KiB</td><td class=\"n\">1994-11-06 "
                  "08:49</td>") != std::string::npos);
  CHECK(listing_page(".", {}).find("../") == std::string::npos);
}

TEST_CASE("no name can write into the page") {
  const std::string name = "<script>&\"'%?#:\xff";
  const std::string page = listing_page(name, {{name, false, 0, 0}});
  CHECK(page.find("<script>") == std::string::npos);
  CHECK(page.find("href=\"%3Cscript%3E%26%22%27%25%3F%23%3A%FF\">&lt;script&gt;&amp;&quot;&#39;%?#:") !=
        std::string::npos);
}

TEST_CASE("a page of very many entries says that there are more") {
  std::vector<Entry> entries(kMostEntries + 1, Entry{"a", false, 0, 0});
  CHECK(listing_page(".", entries).find("There are more") != std::string::npos);
  entries.pop_back();
  CHECK(listing_page(".", entries).find("There are more") == std::string::npos);
}
