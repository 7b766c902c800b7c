// Must not compile, whatever OPTION is: what is wrong with it is said while it is compiled.
#include <appserver/plugin.hpp>

APPSERVER_PLUGIN(app, appserver::OPTION) { app.name("refused"); }
