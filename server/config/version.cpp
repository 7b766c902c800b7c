#include "config/version.hpp"

namespace config {

std::string_view version() { return APPSERVER_VERSION; }

}  // namespace config
