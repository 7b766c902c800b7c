# Checks what the dynamic linker sees of PLUGIN: its descriptor, nothing else that namespace appserver defines, and
# nothing unique (`u`: one for the whole process) that has to do with it.
execute_process(COMMAND ${NM} -D --defined-only ${PLUGIN} OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
if(NOT symbols MATCHES " appserver_plugin\n")
  message(FATAL_ERROR "${PLUGIN} does not export appserver_plugin")
endif()
string(REGEX MATCHALL "[^\n]*( . _Z[A-Z]*9appserver| u [^\n]*9appserver)[^\n]*" visible "${symbols}")
if(visible)
  list(JOIN visible "\n" visible)
  message(FATAL_ERROR "${PLUGIN} exports what it must keep to itself:\n${visible}")
endif()
