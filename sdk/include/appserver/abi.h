/* SPDX-License-Identifier: BSL-1.0
 *
 * The contract between appserver and a plugin, in C11. A plugin is a shared library that exports one
 * data symbol, `appserver_plugin`; everything else it needs it asks the host for, as tables of
 * functions found by id. C++ authors include <appserver/plugin.hpp> instead, a wrapper over this file.
 *
 * Rules that hold for every function here, so that they are said once:
 *
 *  Threads     A worker is one thread. Every call goes in or out on that thread, never from another. What
 *              runs on another on a plugin's behalf is what it gives to `run` of the offload table.
 *  Suspending  A function tagged [may suspend] may run other requests of the same worker before it
 *              returns. One tagged [never suspends] does not. State that requests share can therefore
 *              change across the first kind of call only.
 *  Failure     A function that can fail returns a negative errno value (errno(3)): -EINVAL, -EPIPE...
 *              Zero or a positive number is success.
 *  Strings     An appserver_string is a view: `size` bytes at `data`, with no NUL behind them. Strings
 *              that go into the host are borrowed for the call and copied if they are kept. Strings that
 *              come out are owned by the host; each function says how long they live.
 *  Exceptions  Neither side lets a C++ exception cross.
 *  Cancelling  A request is cancelled when it takes too long, or its client goes away. Whatever its handler
 *              waits in then, and each wait after it, fails at once with -ECANCELED; so do libc's blocking
 *              calls that are cancellation points (POSIX, System Interfaces 2.9.5.2), with ECANCELED in
 *              errno: locks are none. The handler cleans up and returns. pthread_setcancelstate(3) puts it
 *              off, for as long as something has to be finished.
 *  Growth      A table never changes once it is released: a new capability is a new id, and a plugin
 *              that finds NULL for an id runs on a host that does not have it.
 */
#ifndef APPSERVER_ABI_H
#define APPSERVER_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of this file. The host loads a plugin whose major is equal and whose minor is not newer. */
#define APPSERVER_ABI_MAJOR 1
#define APPSERVER_ABI_MINOR 2

#if defined(__GNUC__)
#define APPSERVER_EXPORT __attribute__((visibility("default")))
#else
#define APPSERVER_EXPORT
#endif

typedef struct appserver_string {
  const char* data;
  size_t size;
} appserver_string;

/* One loaded plugin, as the host knows it. Lives from `start` until after `stop`. */
typedef struct appserver_host appserver_host;

/* One HTTP request and the answer to it. Lives for one call of its handler. */
typedef struct appserver_exchange appserver_exchange;

/* What the host offers: asked by id, answered with a pointer to the table of that id. */
struct appserver_host {
  /* Returns the table named `id` (a NUL-terminated APPSERVER_..._TABLE), or NULL where this host has
   * none. The table lives as long as the worker. [never suspends] */
  const void* (*table)(const appserver_host* host, const char* id);
};

/* Bits of a descriptor's `flags`. One that the host does not know is refused. */
enum {
  /* Each request has `thread_local` variables of its own in this plugin. Otherwise all requests of a worker
   * share them, as they share its thread. */
  APPSERVER_THREAD_LOCAL_PER_REQUEST = 1
};

/* What a descriptor's `stack_size` may be, in bytes, where it is not 0. */
#define APPSERVER_STACK_SIZE_MIN (16u << 10)
#define APPSERVER_STACK_SIZE_MAX (64u << 20)

/* The one exported symbol. Constant data: the host reads it before it runs any of the plugin's code.
 *
 *   const appserver_plugin_descriptor appserver_plugin = {
 *     sizeof(appserver_plugin_descriptor), APPSERVER_ABI_MAJOR, APPSERVER_ABI_MINOR, start, stop, 0, 0 };
 */
typedef struct appserver_plugin_descriptor {
  uint32_t size; /* sizeof(appserver_plugin_descriptor) in the plugin's build */
  uint16_t abi_major;
  uint16_t abi_minor;

  /* Called once in each worker, before the worker takes requests: name the plugin, read its settings,
   * add its routes. `host` stays valid until `stop` returns. May set `*state`, which `stop` is given.
   * A negative result fails the boot, with the reason given to `fail` of the plugin table, if any; `stop`
   * is then not called. [may suspend] */
  int32_t (*start)(const appserver_host* host, void** state);

  /* Called once when the worker has answered its last request, or NULL. Not called in a worker that
   * crashes or is killed. [may suspend] */
  void (*stop)(void* state);

  /* Since 1.1; a plugin whose `size` ends before them has zeros here.
   *
   * The address space of the stack that each handler, `start` and `stop` run on, in bytes, rounded up to
   * pages; its guard page is part of it. 0: the usual 256 KiB. Only what is touched uses memory. Outside
   * of APPSERVER_STACK_SIZE_MIN to _MAX the plugin is refused. */
  uint32_t stack_size;

  /* APPSERVER_THREAD_LOCAL_PER_REQUEST, or 0. */
  uint32_t flags;
} appserver_plugin_descriptor;

extern APPSERVER_EXPORT const appserver_plugin_descriptor appserver_plugin;

/* Answers one request through the request and response tables. Zero: done; a handler that has sent
 * nothing has answered 200 (or the status it set) with no body. Negative: failed; the client gets 500 if
 * nothing was sent yet, or a cut connection if something was, and the log gets the text given to `fail`. The
 * exchange is gone when the handler returns. Runs on a fiber of its own, whose stack is 256 KiB unless the
 * descriptor asks for another size: large buffers belong on the heap, and a plugin is built with
 * -fstack-clash-protection, so that one that overruns it ends the worker instead of writing into another
 * request's stack. [may suspend] */
typedef int32_t (*appserver_handler)(appserver_exchange* exchange, void* context);

/* --- plugin: what a plugin says of itself, during `start` only ------------------------------------- */
#define APPSERVER_PLUGIN_TABLE "appserver.plugin/1"
typedef struct appserver_plugin_table {
  /* Names the plugin in logs, errors and the configuration file. Until then its name is the file's,
   * without folder and suffix. Letters, digits, `_` and `-`; -EINVAL otherwise. -EPERM after `start`. [never
   * suspends] */
  int32_t (*set_name)(const appserver_host* host, appserver_string name);

  /* Answers `method` on `pattern` with `handler(exchange, context)`. A pattern is a path that begins
   * with `/`; a segment `{name}` matches one segment, `{name...}` at the end matches the rest. HEAD is
   * answered from GET, and OPTIONS with the path's methods. -EINVAL: not a method or not a pattern; -EEXIST:
   * this plugin has the route already; -EPERM after `start`. A route that another plugin claims too fails the
   * boot. `context` is the plugin's own and must live until `stop`. [never suspends] */
  int32_t (*add_route)(const appserver_host* host, appserver_string method, appserver_string pattern,
                       appserver_handler handler, void* context);

  /* The value of `key` in the section of the configuration file that bears the plugin's name. 1: found;
   * 0: not there, `*value` untouched; -EPERM after `start`. The value lives until `stop` returns. A key in
   * the file that no plugin has asked for by the end of `start` fails the boot as unknown. [never suspends]
   */
  int32_t (*setting)(const appserver_host* host, appserver_string key, appserver_string* value);

  /* Says why `start` is about to fail, for the log. The last call counts. [never suspends] */
  void (*fail)(const appserver_host* host, appserver_string reason);
} appserver_plugin_table;

/* --- worker: where the plugin runs ------------------------------------------------------------------ */
#define APPSERVER_WORKER_TABLE "appserver.worker/1"
typedef struct appserver_worker_table {
  /* 0 to workers-1; a worker that replaces another takes its index. While a reload goes on, an old and
   * a new worker share one. [never suspends] */
  uint32_t (*index)(const appserver_host* host);

  /* 1 for the workers of the first start, one more after each reload. [never suspends] */
  uint64_t (*generation)(const appserver_host* host);
} appserver_worker_table;

/* --- log ----------------------------------------------------------------------------------------- */
#define APPSERVER_LOG_TABLE "appserver.log/1"
enum {
  APPSERVER_LOG_DEBUG = 0,
  APPSERVER_LOG_INFO = 1,
  APPSERVER_LOG_WARNING = 2,
  APPSERVER_LOG_ERROR = 3,
  APPSERVER_LOG_CRITICAL = 4
};
typedef struct appserver_log_table {
  /* Writes one line to the error log, with the plugin's name and, in a handler, the request's method,
   * path and id. Control characters are escaped. -EINVAL: no such level. [never suspends] */
  int32_t (*write)(const appserver_host* host, int32_t level, appserver_string text);
} appserver_log_table;

/* --- request: what the client asked, in a handler --------------------------------------------------- */
#define APPSERVER_REQUEST_TABLE "appserver.request/1"
typedef struct appserver_request_table {
  /* "GET", "POST"...; "HEAD" also where a GET route answers it. Lives as long as the exchange, like every
   * string of this table. [never suspends] */
  appserver_string (*method)(const appserver_exchange* exchange);

  /* The path of the target as it was sent: percent-encoded, without the query. [never suspends] */
  appserver_string (*path)(const appserver_exchange* exchange);

  /* The query as it was sent, without the `?`; empty where there is none. [never suspends] */
  appserver_string (*query)(const appserver_exchange* exchange);

  /* The first value of `name` in the query, decoded as application/x-www-form-urlencoded (WHATWG URL,
   * section 5). 1: found; 0: not there, `*value` untouched. [never suspends] */
  int32_t (*query_value)(appserver_exchange* exchange, appserver_string name, appserver_string* value);

  /* The segment that `{name}` of the route's pattern matched, percent-decoded. 1: found; 0: the pattern
   * has no such name. [never suspends] */
  int32_t (*parameter)(appserver_exchange* exchange, appserver_string name, appserver_string* value);

  /* The value of the first field `name` (case-insensitive, RFC 9110 section 5.1). 1: found; 0: not there.
   * [never suspends] */
  int32_t (*header)(const appserver_exchange* exchange, appserver_string name, appserver_string* value);

  /* How many fields there are, and the one at `index` in the order they were sent; -ERANGE past the end.
   * [never suspends] */
  size_t (*header_count)(const appserver_exchange* exchange);
  int32_t (*header_at)(const appserver_exchange* exchange, size_t index, appserver_string* name,
                       appserver_string* value);

  /* The body's length in bytes as announced, 0 where there is no body, -1 where it is chunked. [never
   * suspends] */
  int64_t (*body_length)(const appserver_exchange* exchange);

  /* Reads the next 1 to `size` bytes of the body into `data`, as they come. The number of bytes; 0 at
   * the end of the body (or where size is 0); -EMSGSIZE: longer than the limit; -EBADMSG: badly framed;
   * -ETIMEDOUT: the client sent nothing for the body timeout; -ECONNRESET: the client went away. The
   * status to answer with (413, 400, 408) is the handler's to send. [may suspend] */
  int64_t (*body_read)(appserver_exchange* exchange, void* data, size_t size);

  /* Reads what is left of the body and gives it whole; it lives as long as the exchange. 0, or what
   * body_read fails with. A second call gives the same. [may suspend] */
  int32_t (*body_whole)(appserver_exchange* exchange, appserver_string* body);

  /* A name for this request that no other request of the server has, as it stands in the log. [never
   * suspends] */
  appserver_string (*id)(appserver_exchange* exchange);
} appserver_request_table;

/* --- response: what the client gets, in a handler ---------------------------------------------------- */
#define APPSERVER_RESPONSE_TABLE "appserver.response/1"
typedef struct appserver_response_table {
  /* 200 to 599; 200 unless set. -EINVAL: not such a number; -EALREADY: the head has been sent. [never
   * suspends] */
  int32_t (*set_status)(appserver_exchange* exchange, int32_t status);

  /* Adds a field. -EINVAL: not a token, or a value with control characters (RFC 9110 section 5.5), or a
   * field that frames the message and is the host's to write (Connection, Content-Length,
   * Transfer-Encoding, Date); -EALREADY: the head has been sent. [never suspends] */
  int32_t (*add_header)(appserver_exchange* exchange, appserver_string name, appserver_string value);

  /* Sends head and body whole and ends the answer; `body` is borrowed until it returns. -EALREADY: an
   * answer was begun; -EPIPE: the client went away; -ETIMEDOUT: it has stopped reading. [may suspend] */
  int32_t (*send)(appserver_exchange* exchange, appserver_string body);

  /* Sends the head, if it has not been sent, and one piece of the body, of any length; it returns when
   * the kernel has taken all of it, so that a handler is never far ahead of its client. The answer
   * ends when the handler returns. Fails as `send` does; -EALREADY after `send`. [may suspend] */
  int32_t (*write)(appserver_exchange* exchange, appserver_string piece);

  /* Says why the handler is about to return failure, for the log. The last call counts. [never suspends] */
  void (*fail)(appserver_exchange* exchange, appserver_string reason);
} appserver_response_table;

/* --- fiber ---------------------------------------------------------------------------------------- */
#define APPSERVER_FIBER_TABLE "appserver.fiber/1"
typedef struct appserver_fiber_table {
  /* Suspends this fiber alone for `nanoseconds` at least; not at all where it is zero or negative. 0. [may
   * suspend] */
  int32_t (*sleep)(int64_t nanoseconds);
} appserver_fiber_table;

/* --- socket: TCP connections that a plugin makes -------------------------------------------------- */
#define APPSERVER_SOCKET_TABLE "appserver.socket/1"
typedef struct appserver_socket appserver_socket;
/* One fiber at a time may read and one may write; a second one fails with -EBUSY where it would have to wait.
 * No call is under way when the socket is closed. */
typedef struct appserver_socket_table {
  /* Connects to `port` of `name`, a host's name or a numeric IPv4 or IPv6 address, trying each address in
   * turn for `timeout_ns` in all (0 or less: no limit). 0 and `*socket`, owned by the caller until `close`;
   * -ENOENT: the name is not known; -ECONNREFUSED, -ETIMEDOUT... [may suspend] */
  int32_t (*connect)(const appserver_host* host, appserver_string name, uint16_t port, int64_t timeout_ns,
                     appserver_socket** socket);

  /* The longest that one `read` or `write` waits for the peer; 0 or less: no limit (the default). [never
   * suspends] */
  void (*set_timeout)(appserver_socket* socket, int64_t timeout_ns);

  /* Reads 1 to `size` bytes; 0 at the end of the stream. -ETIMEDOUT, -ECONNRESET... [may suspend] */
  int64_t (*read)(appserver_socket* socket, void* data, size_t size);

  /* Writes all of it. 0; -ETIMEDOUT, -EPIPE, -ECONNRESET... [may suspend] */
  int32_t (*write)(appserver_socket* socket, appserver_string data);

  /* Closes and frees it; NULL is ignored. [never suspends] */
  void (*close)(appserver_socket* socket);
} appserver_socket_table;

/* --- offload: real threads, for what computes for long or blocks where the host can't see it ---------- */
#define APPSERVER_OFFLOAD_TABLE "appserver.offload/1"
typedef struct appserver_offload_table {
  /* Calls `function(argument)` on another thread, and returns when it has returned; the worker's other
   * requests go on meanwhile. Works in handlers, in `start` and in `stop`. 0, with the errno that
   * `function` left; -EAGAIN and the like: no thread could be started, and `function` was not called;
   * -ECANCELED: it let an exception out.
   *
   * What `function` uses is its own while it runs, as the caller waits; what it shares with other
   * requests, it shares with another thread. It may call functions of the host that are tagged [never
   * suspends], for the caller's exchange and host. Those tagged [may suspend] fail there with -EPERM, and
   * the log says so; only `run` itself goes on to call its function on the same thread.
   *
   * A worker has at most 64 such threads; calls beyond that wait their turn. They take no signals, and
   * have nothing of the caller's but its errno: no `thread_local`, no locale. [may suspend] */
  int32_t (*run)(const appserver_host* host, void (*function)(void* argument), void* argument);
} appserver_offload_table;

/* --- route: routes with more to say of them, during `start` only; since 1.2 --------------------------- */
#define APPSERVER_ROUTE_TABLE "appserver.route/1"
enum {
  /* A request of this route is not cancelled when its client goes away: what it does is to be finished. */
  APPSERVER_ROUTE_OUTLIVES_CLIENT = 1
};
typedef struct appserver_route {
  uint32_t size;  /* sizeof(appserver_route) in the plugin's build */
  uint32_t flags; /* APPSERVER_ROUTE_..., or 0 */

  /* As for `add_route` of the plugin table. */
  appserver_string method;
  appserver_string pattern;
  appserver_handler handler;
  void* context;

  /* The longest body in bytes; 0: the server's --limit-request-body. */
  uint64_t body_limit;

  /* How long the handler may take before its request is cancelled, in nanoseconds; 0: the server's
   * --request-timeout; negative: for ever. */
  int64_t timeout_ns;
} appserver_route;
typedef struct appserver_route_table {
  /* As `add_route` of the plugin table; -EINVAL also where a flag is not known. [never suspends] */
  int32_t (*add)(const appserver_host* host, const appserver_route* route);
} appserver_route_table;

/* --- cancellation: whether a request is still wanted, in a handler; since 1.2 --------------------------- */
#define APPSERVER_CANCELLATION_TABLE "appserver.cancellation/1"
enum {
  APPSERVER_CANCELLED_TIMED_OUT = 1,  /* it took too long: the client has been answered with 503 */
  APPSERVER_CANCELLED_CLIENT_GONE = 2 /* nobody will read the answer */
};
typedef struct appserver_cancellation_table {
  /* Why the request has been cancelled: one of the above, or 0: it has not. For what computes for long, and
   * never waits. Works in a function that was offloaded too. [never suspends] */
  int32_t (*cause)(const appserver_exchange* exchange);
} appserver_cancellation_table;

/* --- response body: answers of a known length, and from files, in a handler; since 1.2 -------------------
 */
#define APPSERVER_RESPONSE_BODY_TABLE "appserver.response_body/1"
typedef struct appserver_response_body_table {
  /* Announces how many bytes `write` and `send_file` will send in all: the answer has a Content-Length, and
   * HEAD shows it. A piece that goes beyond it fails with -EMSGSIZE and is not sent, as does a `send` of
   * another length. A handler that returns success and has sent less has failed: its answer is cut. That to
   * HEAD, and 204 and 304, need no piece. -EALREADY: the head has been sent. [never suspends] */
  int32_t (*set_length)(appserver_exchange* exchange, uint64_t length);

  /* Sends as `write` does, from a file: `size` bytes from `offset` of `file`, a descriptor open for reading,
   * by sendfile(2) where the kernel can. The descriptor stays the caller's, its position as it was; nobody
   * closes it before this returns. Waits for a slow disk hold up nobody else. Fails as `write` does, and
   * with nothing sent: -EBADF: no such descriptor; -EINVAL: not a regular file; -ENODATA: the file ends
   * before that. Where it is cut short while it is sent (-ENODATA) or can't be read (-EIO), so is the answer.
   * [may suspend] */
  int32_t (*send_file)(appserver_exchange* exchange, int file, uint64_t offset, uint64_t size);
} appserver_response_body_table;

/* --- trailers: the fields that stand behind a chunked body (RFC 9110 section 6.5), since 1.2 ----------- */
#define APPSERVER_TRAILERS_TABLE "appserver.trailers/1"
/* They are known once the body has been read to its end: before that, all of these are -EAGAIN. A request
 * whose body is not chunked has none. Those that mean something in front of a body alone (section 6.5.1:
 * Content-Length, Host, Authorization...) are left out, and none is ever among the headers. Strings live as
 * long as the exchange. */
typedef struct appserver_trailers_table {
  /* How many there are. [never suspends] */
  int64_t (*count)(const appserver_exchange* exchange);

  /* The one at `index`, in the order they were sent. 0; -ERANGE past the end. [never suspends] */
  int32_t (*at)(const appserver_exchange* exchange, size_t index, appserver_string* name,
                appserver_string* value);

  /* The value of the first one that is named `name`, in any case of letters. 1: found; 0: not there, `*value`
   * untouched. [never suspends] */
  int32_t (*find)(const appserver_exchange* exchange, appserver_string name, appserver_string* value);
} appserver_trailers_table;

/* --- client: who asks, in a handler; since 1.2 --------------------------------------------------------
 *
 * What proxies say of it (Forwarded, RFC 7239, or X-Forwarded-For, -Proto, -Host, -Port) is believed where
 * the connection comes from one that the operator trusts (--forwarded-allow-ips), and where a header says it
 * that such a one has written: no client can choose its address. Strings live as long as the exchange. */
#define APPSERVER_CLIENT_TABLE "appserver.client/1"
typedef struct appserver_client_table {
  /* The client's IP address in numbers, `192.0.2.1` or `2001:db8::1`, and its port, 0 where only that is not
   * known. 1: known. 0: not known, and nothing is set: the client of a unix socket with no proxy to name it,
   * or one whose proxy hides it or can't be understood. [never suspends] */
  int32_t (*address)(appserver_exchange* exchange, appserver_string* address, uint16_t* port);

  /* What a URL of this server begins with, as the client sees it: "http" or "https", and the host, with a
   * port where that is not the scheme's own. 1: known. 0: the client, of HTTP/1.0, has named no host; `*host`
   * is empty then. The host is well-formed, but any client can send any: what depends on it, as a link in a
   * mail does, compares it with the names that the site has. [never suspends] */
  int32_t (*origin)(appserver_exchange* exchange, appserver_string* scheme, appserver_string* host);
} appserver_client_table;

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* APPSERVER_ABI_H */
