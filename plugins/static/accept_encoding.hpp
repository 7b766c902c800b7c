// What content codings a client takes (RFC 9110 section 12.5.3).
#pragma once

#include <appserver/request.hpp>
#include <string_view>

// How much it wants `coding`, in thousandths: 0 is not at all, which it is too where the field says nothing
// of it. Where it is not well-formed, so much as is counts.
int wish_for(const appserver::Request& request, std::string_view coding);
