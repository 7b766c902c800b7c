# libdw of elfutils, linked dynamically: its licence (LGPL 3 or GPL 2) asks that it can be replaced.
find_path(LIBDW_INCLUDE_DIR elfutils/libdwfl.h)
find_library(LIBDW_LIBRARY dw)
if(NOT LIBDW_INCLUDE_DIR OR NOT LIBDW_LIBRARY)
  message(FATAL_ERROR "libdw, of elfutils, is not installed: its package is called libdw-dev, or elfutils-devel")
endif()

add_library(appserver_elfutils INTERFACE)
target_include_directories(appserver_elfutils SYSTEM INTERFACE ${LIBDW_INCLUDE_DIR})
target_link_libraries(appserver_elfutils INTERFACE ${LIBDW_LIBRARY})
