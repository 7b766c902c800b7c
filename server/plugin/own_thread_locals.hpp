// What a plugin's `thread_local` variables are made from, where each of its requests is to have its own.
#pragma once

#include <optional>
#include <string>

#include "runtime/thread_locals.hpp"

namespace plugin {

// Of the library that `code` lies in; nothing where it has no such variables. Throws LoadError, which names
// `file`, where its code doesn't find them in a way that the server can take part in.
std::optional<runtime::ThreadLocalImage> own_thread_locals(const void* code, const std::string& file);

}  // namespace plugin
