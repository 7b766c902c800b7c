// abi.h compiles alone as C++, and a constant descriptor needs no code to run before the host reads it.
#include <appserver/abi.h>

#include <type_traits>

static_assert(std::is_trivial<appserver_plugin_descriptor>::value, "C can write it");

extern "C" constexpr appserver_plugin_descriptor appserver_plugin = {
    sizeof(appserver_plugin_descriptor), APPSERVER_ABI_MAJOR, APPSERVER_ABI_MINOR, nullptr, nullptr, 0, 0};
