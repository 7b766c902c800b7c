// main() of every test executable, for Catch2 2, which ships it as source.
#define CATCH_CONFIG_MAIN
#include "catch.hpp"
