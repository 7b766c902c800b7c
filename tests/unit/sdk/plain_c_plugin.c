/* A whole plugin in C11, over abi.h alone: GET /greet?name=X answers with a greeting that its settings
 * choose. */
#include <appserver/abi.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct greeter {
  const appserver_request_table* request;
  const appserver_response_table* response;
  appserver_string greeting;
};

static appserver_string string(const char* text) {
  appserver_string view = {text, strlen(text)};
  return view;
}

static int32_t greet(appserver_exchange* exchange, void* context) {
  const struct greeter* greeter = context;
  appserver_string name = string("World");
  greeter->request->query_value(exchange, string("name"), &name);

  char line[200];
  const int length = snprintf(line, sizeof line, "%.*s, %.*s!\n", (int)greeter->greeting.size,
                              greeter->greeting.data, (int)name.size, name.data);
  if (length < 0 || (size_t)length >= sizeof line) {
    greeter->response->fail(exchange, string("the greeting is too long"));
    return -EMSGSIZE;
  }
  const int32_t result =
      greeter->response->add_header(exchange, string("Content-Type"), string("text/plain"));
  if (result < 0) return result;
  const appserver_string body = {line, (size_t)length};
  return greeter->response->send(exchange, body);
}

static int32_t start(const appserver_host* host, void** state) {
  const appserver_plugin_table* plugin = host->table(host, APPSERVER_PLUGIN_TABLE);
  struct greeter* greeter = malloc(sizeof *greeter);
  if (plugin == NULL || greeter == NULL) {
    free(greeter);
    return -ENOMEM;
  }
  greeter->request = host->table(host, APPSERVER_REQUEST_TABLE);
  greeter->response = host->table(host, APPSERVER_RESPONSE_TABLE);
  greeter->greeting = string("Hello");

  int32_t result = plugin->set_name(host, string("greeter"));
  if (result >= 0) result = plugin->setting(host, string("greeting"), &greeter->greeting);
  if (result >= 0) result = plugin->add_route(host, string("GET"), string("/greet"), greet, greeter);
  if (result < 0) {
    plugin->fail(host, string("could not greet"));
    free(greeter);
    return result;
  }
  *state = greeter;
  return 0;
}

static void stop(void* state) { free(state); }

const appserver_plugin_descriptor appserver_plugin = {
    sizeof(appserver_plugin_descriptor), APPSERVER_ABI_MAJOR, APPSERVER_ABI_MINOR, start, stop, 0, 0};
