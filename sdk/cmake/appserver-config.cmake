# find_package(appserver): the target appserver::sdk and the function appserver_add_plugin().
include(${CMAKE_CURRENT_LIST_DIR}/appserver-targets.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/appserver_add_plugin.cmake)
