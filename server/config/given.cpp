#include "config/given.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>

#include "config/error.hpp"

namespace config {

void apply(const Given& given, Settings& settings) {
  if (given.option->set == nullptr) return;
  try {
    given.option->set(settings, given.value);
  } catch (const std::invalid_argument& error) {
    throw Error(given.named + " '" + given.value + "': " + error.what());
  }
}

Layer strongest(const std::vector<Layer>& layers) {
  Layer result;
  for (const Option& option : options()) {
    Layer values;
    for (auto layer = layers.rbegin(); layer != layers.rend() && values.empty(); ++layer) {
      std::copy_if(layer->begin(), layer->end(), std::back_inserter(values),
                   [&](const Given& given) { return given.option == &option; });
    }
    if (!option.list && !values.empty()) values.erase(values.begin(), values.end() - 1);
    std::move(values.begin(), values.end(), std::back_inserter(result));
  }
  return result;
}

}  // namespace config
