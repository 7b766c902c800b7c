// What a request of the soak is made of: blocking code of every kind that the hooks know, each with something
// that must hold afterwards. Ordinary code, with no word of fibers in it.
#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <stdexcept>
#include <string>

namespace soak {

// One request's dice: the same seed throws the same.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}

  // 0 to `sides` - 1.
  int roll(int sides) { return std::uniform_int_distribution<int>(0, sides - 1)(engine_); }

 private:
  std::mt19937_64 engine_;
};

struct Violation : std::runtime_error {
  using std::runtime_error::runtime_error;
};

inline void require(bool holds, const std::string& what) {
  if (!holds) throw Violation(what);
}

struct Operation {
  const char* name;
  void (*run)(Dice& dice);
};

extern const std::span<const Operation> kSleeps;
extern const std::span<const Operation> kDescriptors;
extern const std::span<const Operation> kLocks;
extern const std::span<const Operation> kThreads;
extern const std::span<const Operation> kProcesses;

// A pause of up to three milliseconds in one of several ways, for inside of other operations.
void pause(Dice& dice);

}  // namespace soak
