# appserver_add_plugin(name SOURCES file...): builds name.so, a plugin of appserver, which shows nothing but its
# descriptor. What else it needs is linked to it with target_link_libraries(), as to any target.
function(appserver_add_plugin name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SOURCES")
  if(NOT ARG_SOURCES OR ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "appserver_add_plugin(name SOURCES file...) was called with: ${ARGV}")
  endif()
  add_library(${name} MODULE ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE appserver::sdk)
  # A frame larger than the guard page below a fiber's stack would step over it into another request's stack.
  target_compile_options(${name} PRIVATE -fstack-clash-protection)
  set_target_properties(${name} PROPERTIES
    PREFIX "" SUFFIX .so
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
endfunction()
