// A fuzzer: one function that is given any bytes at all and checks what must hold for them. Built by clang
// for libFuzzer it looks for bytes that break it (tools/fuzz); built like every test it replays its corpus.
#pragma once

#include <stdexcept>
#include <string_view>

// Defined once by each fuzzer. An exception that leaves it is a finding.
void fuzz(std::string_view input);

// What must hold, said in words.
inline void expect(bool holds, const char* promise) {
  if (!holds) throw std::logic_error(promise);
}
