/* abi.h compiles alone as C; the layout is what other languages' bindings write down. */
#include <appserver/abi.h>

_Static_assert(sizeof(appserver_string) == 2 * sizeof(void*), "a string is a pointer and a size");
_Static_assert(offsetof(appserver_plugin_descriptor, abi_major) == 4, "the version stands behind the size");
_Static_assert(offsetof(appserver_plugin_descriptor, start) == 8, "the functions stand behind the version");
_Static_assert(offsetof(appserver_plugin_descriptor, stack_size) == 8 + 2 * sizeof(void*), "1.0 ends here");
_Static_assert(sizeof(appserver_plugin_descriptor) == 16 + 2 * sizeof(void*), "1.1 ends here");
_Static_assert(sizeof(appserver_offload_table) == sizeof(void*), "a released table does not change");
_Static_assert(sizeof(appserver_trailers_table) == 3 * sizeof(void*), "a released table does not change");
_Static_assert(sizeof(appserver_client_table) == 2 * sizeof(void*), "a released table does not change");
_Static_assert(sizeof(appserver_request_table) == 12 * sizeof(void*), "a released table does not change");
_Static_assert(sizeof(appserver_response_table) == 5 * sizeof(void*), "a released table does not change");
_Static_assert(sizeof(appserver_plugin_table) == 4 * sizeof(void*), "a released table does not change");
_Static_assert(sizeof(appserver_socket_table) == 5 * sizeof(void*), "a released table does not change");
