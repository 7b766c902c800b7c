// Turns the addresses of a stack trace into lines to read: function, source line, file. By libdw, from the
// symbol tables and from debug information, in the files themselves or installed beside them by build id
// (/usr/lib/debug); nothing is fetched. Lives in a worker, on its watchdog's thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>

#include "observe/stack_trace.hpp"

struct Dwfl;
struct Dwfl_Module;

namespace observe {

struct LoadedObject;

class Symboliser {
 public:
  using Print = std::function<void(const std::string& line)>;

  // `names`: what to call a file in a line, by the path that it was loaded from; others go by their own name.
  explicit Symboliser(std::map<std::string, std::string> names) : names_(std::move(names)) {}

  // Prints the trace line by line, innermost first. The server's own frames at the outer end, by which it
  // came to call a plugin, are left out, unless there are no others. [watchdog]
  void print(const StackTrace& trace, const Print& print);

  // `spin(appserver::Request&) at /src/probe.cpp:17 (probe.so)`; `probe.so+0x1a2b` where nothing is known.
  // [watchdog]
  const std::string& line(std::uintptr_t address);

 private:
  struct End {
    void operator()(Dwfl* session) const;
  };

  std::string describe(std::uintptr_t address, const LoadedObject& object);
  Dwfl_Module* module_of(std::uintptr_t address, const LoadedObject& object);
  std::string name_of(const LoadedObject& object) const;

  const std::map<std::string, std::string> names_;

  std::unique_ptr<Dwfl, End> session_;
  unsigned long long epoch_ = 0;                           // of what session_ and lines_ know
  std::unordered_map<std::uintptr_t, std::string> lines_;  // a look into debug information can take a second
};

}  // namespace observe
