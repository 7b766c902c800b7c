// The rules on who may include whom, and a reader of #include lines that finds what breaks them. In C++
// beside its own tests, so that it needs no tool that the build does not need anyway.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

// What breaks the rules in a tree with the folders server, sdk and plugins, one line each:
// `server/http/a.hpp:3: http must not include plugin ("plugin/route.hpp")`. Empty where all is well.
std::vector<std::string> broken_arrows(const std::filesystem::path& tree);
