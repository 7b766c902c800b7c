// CPython, embedded as a plugin would: to it, each request's fiber is a thread, by what pthread_self() says
// and by keys of its own. It needs both from its first call on.
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <chrono>

#include "catch.hpp"
#include "request_fibers.hpp"

using namespace std::chrono_literals;

namespace {

constexpr const char* kModule = R"(
import asyncio, http.server, subprocess, threading, time, urllib.request

def sleep():
    time.sleep(0.1)
    return 1

local = threading.local()
def own():
    if hasattr(local, "value"):
        return 0
    local.value = threading.get_ident()
    time.sleep(0.01)
    return int(local.value == threading.get_ident())

# Whoever has the lock sleeps with it: nobody else may get in meanwhile.
lock = threading.RLock()
def acquire():
    if not lock.acquire(blocking=False):
        return 0
    with lock:
        time.sleep(0.05)
    lock.release()
    return 1

# Those who wait for an RLock get it one by one, and may take it again.
inside = 0
def take_turns():
    global inside
    with lock, lock:
        inside += 1
        time.sleep(0.001)
        alone = inside == 1
        inside -= 1
    return int(alone)

# The last that comes lets all go.
ready = threading.Condition(threading.Lock())
come = 0
def meet():
    global come
    with ready:
        come += 1
        if come == 100:
            ready.notify_all()
        return int(ready.wait_for(lambda: come == 100, timeout=20))

async def work():
    async def nap(number):
        await asyncio.sleep(0.1)
        return number
    reader, writer = await asyncio.open_connection(*server.server_address)
    writer.write(b"GET / HTTP/1.0\r\n\r\n")
    answer, *naps = await asyncio.gather(reader.read(), nap(1), nap(2))
    writer.close()
    return int(answer.endswith(b"late") and naps == [1, 2])

def run_loop():
    return asyncio.run(work())

class Late(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        time.sleep(0.1)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"late")
    def log_message(self, *args):
        pass

class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 100
    daemon_threads = False

def start_server():
    global server, serving
    server = Server(("127.0.0.1", 0), Late)
    serving = threading.Thread(target=server.serve_forever, args=(0.01,))
    serving.start()
    return 1

def stop_server():
    server.shutdown()
    serving.join()
    server.server_close()
    return 1

def fetch():
    with urllib.request.urlopen("http://127.0.0.1:%d/" % server.server_address[1]) as answer:
        return int(answer.read() == b"late")

def run():
    return subprocess.run(["sh", "-c", "sleep 0.1; exit 7"]).returncode

def start_thread():
    result = []
    thread = threading.Thread(target=lambda: (time.sleep(0.01), result.append(1)))
    thread.start()
    while thread.is_alive():
        time.sleep(0.005)
    return result[0]
)";

// Python's own allocator would keep its objects where LeakSanitizer doesn't look for pointers to others.
void use_malloc() {
  PyPreConfig config;
  PyPreConfig_InitPythonConfig(&config);
  config.allocator = PYMEM_ALLOCATOR_MALLOC;
  Py_PreInitialize(&config);
}

// Made once, on the tests' thread; never ended, as there is no process after it.
PyObject* module() {
  static PyObject* const module = [] {
    use_malloc();
    Py_InitializeEx(0);
    PyObject* const code = Py_CompileString(kModule, "module.py", Py_file_input);
    PyObject* const made = PyImport_ExecCodeModule("module", code);
    if (!made) PyErr_Print();
    Py_XDECREF(code);
    PyEval_SaveThread();
    return made;
  }();
  return module;
}

// What the function of the module gives, as one request; -1 where it raises.
long call(const char* function) {
  const PyGILState_STATE state = PyGILState_Ensure();
  PyObject* const result = PyObject_CallMethod(module(), function, nullptr);
  if (!result) PyErr_Print();
  const long number = result ? PyLong_AsLong(result) : -1;
  Py_XDECREF(result);
  PyGILState_Release(state);
  return number;
}

// The sum of what `count` requests at once get.
long sum_of(int count, const char* function, runtime::Duration& time) {
  REQUIRE(module());
  long sum = 0;
  time = on_request_fibers(count, [&](int) { sum += call(function); });
  return sum;
}

// An HTTP server of Python's, on threads of its own, that answers after a tenth of a second.
struct LateServer {
  LateServer() {
    REQUIRE(module());
    REQUIRE(call("start_server") == 1);
  }
  ~LateServer() { call("stop_server"); }
};

}  // namespace

TEST_CASE("Python sleeps in a hundred requests at once") {
  runtime::Duration time{};
  CHECK(sum_of(100, "sleep", time) == 100);
  CHECK(time < 2s);
}

TEST_CASE("to Python each request is a thread, with its own locals") {
  runtime::Duration time{};
  CHECK(sum_of(100, "own", time) == 100);
}

TEST_CASE("Python's RLock keeps other requests out, though they have one thread") {
  runtime::Duration time{};
  CHECK(sum_of(100, "acquire", time) == 1);
}

TEST_CASE("requests that wait for Python's RLock get it one by one") {
  runtime::Duration time{};
  CHECK(sum_of(100, "take_turns", time) == 100);
}

TEST_CASE("requests wait for one another at Python's Condition") {
  runtime::Duration time{};
  CHECK(sum_of(100, "meet", time) == 100);
}

TEST_CASE("Python's urllib fetches for fifty requests at once") {
  const LateServer server;
  runtime::Duration time{};
  CHECK(sum_of(50, "fetch", time) == 50);
  CHECK(time < 2500ms);
}

TEST_CASE("each request runs an asyncio loop of its own") {
  const LateServer server;
  runtime::Duration time{};
  CHECK(sum_of(20, "run_loop", time) == 20);
  CHECK(time < 2s);
}

TEST_CASE("Python's subprocesses run side by side") {
  runtime::Duration time{};
  CHECK(sum_of(20, "run", time) == 20 * 7);
  CHECK(time < 4s);
}

TEST_CASE("Python's threads run beside the requests that start them") {
  runtime::Duration time{};
  CHECK(sum_of(20, "start_thread", time) == 20);
}
