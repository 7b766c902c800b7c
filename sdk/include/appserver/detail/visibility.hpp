// Why everything in namespace appserver is hidden. Many plugins live in one process, each compiled from these
// headers in a version of its own. g++ binds inline variables and the statics of inline functions as
// "unique": the dynamic linker then makes one of them for the whole process, even between libraries opened
// RTLD_LOCAL, and the first plugin's would serve the second. A hidden symbol never reaches the dynamic
// linker, so each plugin has its own. A class of yours that holds one of ours as a member should be hidden
// too, or g++ warns that it is more visible than its member: compile with -fvisibility=hidden, as
// appserver_add_plugin() does.
#pragma once

#if defined(_MSVC_LANG) || __cplusplus < 201703L
#error "appserver's plugin headers need C++17 or newer, and g++ or clang++"
#endif

#define APPSERVER_HIDDEN [[gnu::visibility("hidden")]]
