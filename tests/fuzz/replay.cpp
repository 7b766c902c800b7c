// Runs a fuzzer over the files of a folder, once each: replay FOLDER.
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "fuzz.hpp"

namespace {

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  file.exceptions(std::ios::badbit);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

int main(int count, char** arguments) try {
  if (count != 2) throw std::invalid_argument("want one argument, the folder of a corpus");
  int run = 0, failed = 0;
  for (const auto& entry : std::filesystem::directory_iterator(arguments[1])) {
    ++run;
    try {
      fuzz(content_of(entry.path()));
    } catch (const std::exception& error) {
      ++failed;
      std::cerr << entry.path().string() << ": does not hold: " << error.what() << '\n';
    }
  }
  if (run == 0) throw std::invalid_argument(std::string(arguments[1]) + " is empty");
  std::cout << run << " inputs, " << failed << " failed\n";
  return failed > 0;
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 2;
}
