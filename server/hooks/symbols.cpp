#include "hooks/symbols.hpp"

#include <array>
#include <string_view>

#include "hooks/prototypes.hpp"

namespace hooks {
namespace {

const std::array kSymbols = {
#define HOOK(family, symbol) Symbol{#family, #symbol, reinterpret_cast<void*>(&::symbol)},
#include "hooks/symbols.def"
#undef HOOK
};

}  // namespace

std::span<const Symbol> symbols() { return kSymbols; }

std::string table_text() {
  std::string text;
  std::string_view family;
  for (const Symbol& symbol : kSymbols) {
    if (symbol.family != family) {
      family = symbol.family;
      text.append(text.empty() ? "" : "\n").append(family).append(":");
    }
    text.append(" ").append(symbol.name);
  }
  return text + "\n";
}

}  // namespace hooks
