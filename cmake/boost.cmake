# Boost, linked statically: the installed binary then runs where no Boost is installed.
set(Boost_USE_STATIC_LIBS ON)
find_package(Threads REQUIRED)
find_package(Boost 1.81 CONFIG REQUIRED COMPONENTS context fiber program_options)

add_library(appserver_boost INTERFACE)
target_link_libraries(appserver_boost INTERFACE Boost::fiber Boost::context Threads::Threads ${CMAKE_DL_LIBS})
target_compile_definitions(appserver_boost INTERFACE
  BOOST_DLL_USE_STD_FS          # Boost.DLL on std::filesystem: one library less
  BOOST_ASIO_NO_DEPRECATED)
