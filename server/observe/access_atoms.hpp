// The atoms of the access log: gunicorn's letters, each with the function that writes what it stands for.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "observe/access_entry.hpp"

namespace observe {

// Adds what an atom stands for. `text` is what stands in the format for it: a name, or the text itself.
using AppendAtom = void (*)(std::string& out, const AccessEntry& entry, std::string_view text);

struct Atom {
  char letter;
  AppendAtom append;
  std::string_view text = {};
};

std::span<const Atom> atoms();

// What has no letter: text as it is, and fields by their names.
void append_literal(std::string& out, const AccessEntry& entry, std::string_view text);
void append_request_field(std::string& out, const AccessEntry& entry, std::string_view name);
void append_response_field(std::string& out, const AccessEntry& entry, std::string_view name);

}  // namespace observe
