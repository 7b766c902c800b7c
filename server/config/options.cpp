#include "config/options.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "config/nearest.hpp"
#include "config/plugin_path.hpp"
#include "config/values.hpp"

namespace config {
namespace {

// Setters, by the member that they set and the range of its values.
template <auto Member, std::uint64_t Least, std::uint64_t Most>
void count(Settings& settings, std::string_view text) {
  auto& member = settings.*Member;
  member = static_cast<std::remove_reference_t<decltype(member)>>(parse_count(text, {Least, Most}));
}

template <auto Member, std::uint64_t Least, std::uint64_t Most>
void size(Settings& settings, std::string_view text) {
  settings.*Member = parse_size(text, {Least, Most});
}

constexpr Milliseconds kLongest = std::chrono::hours(24);

template <auto Member>
void duration(Settings& settings, std::string_view text) {
  settings.*Member = parse_duration(text, {Milliseconds(1), kLongest});
}

template <auto Member>
void duration_or_off(Settings& settings, std::string_view text) {
  settings.*Member = parse_duration(text, {Milliseconds(0), kLongest});
}

void plugin(Settings& settings, std::string_view text) { settings.plugins.push_back(parse_plugin(text)); }
void bind(Settings& settings, std::string_view text) { settings.binds.push_back(net::Endpoint::parse(text)); }
void hooks(Settings& settings, std::string_view text) { settings.hooks = parse_switch(text); }
void ready_path(Settings& settings, std::string_view text) { settings.ready_path = parse_path(text); }
void workers(Settings& settings, std::string_view text) { settings.workers = parse_workers(text); }
void compress(Settings& settings, std::string_view text) { settings.compress = parse_codings(text); }
void compress_types(Settings& settings, std::string_view text) {
  settings.compress_types = parse_media_types(text);
}
void forwarded_allow_ips(Settings& settings, std::string_view text) {
  settings.forwarded_allow_ips = net::TrustedProxies::parse(text);
}
void forwarded_header(Settings& settings, std::string_view text) {
  settings.forwarded_header = parse_forwarded_header(text);
}
void proxy_protocol(Settings& settings, std::string_view text) {
  settings.proxy_protocol = parse_proxy_protocol(text);
}
void access_logfile(Settings& settings, std::string_view text) { settings.access_logfile = text; }
void access_logformat(Settings& settings, std::string_view text) {
  settings.access_logformat = observe::AccessLogFormat::parse(text);
}
void log_level(Settings& settings, std::string_view text) { settings.log_level = parse_log_level(text); }

constexpr std::uint64_t kKilo = 1u << 10;
constexpr std::uint64_t kGiga = 1u << 30;
constexpr std::uint64_t kTera = std::uint64_t{1} << 40;
constexpr bool kList = true;

using S = Settings;

constexpr Option kOptions[] = {
    {"Plugins", "plugin", "", "[/PREFIX=]FILE", "",
     "Serve this plugin, under a prefix if one is given; repeatable. A bare name is looked for in "
     "APPSERVER_PLUGIN_PATH, the working folder and the installed plugins",
     plugin, kList},
    {"Plugins", "hooks", "", "on|off", "on",
     "Whether a blocking call of a handler, or of a library it uses, suspends its request alone", hooks},

    {"Listening", "bind", "b", "ADDRESS", "127.0.0.1:8000",
     "HOST:PORT, [::1]:PORT, unix:PATH or fd://N; repeatable. Port 0 takes a free one. PORT in the "
     "environment makes the default 0.0.0.0:$PORT",
     bind, kList},
    {"Listening", "backlog", "", "N", "2048", "Connections that may wait to be accepted, 1 to 65535",
     count<&S::backlog, 1, 65'535>},
    {"Listening", "ready-path", "", "PATH", "",
     "Answer balancers at this path, such as /ready: 200, or 503 once the server is about to stop",
     ready_path},

    {"Behind a proxy", "forwarded-allow-ips", "", "IPS", "127.0.0.1,::1",
     "Proxies that say truly who their clients are, in Forwarded or X-Forwarded-For, -Proto, -Host and "
     "-Port: addresses and networks, with commas between them, or * for all. Whoever comes by a unix socket "
     "is trusted. FORWARDED_ALLOW_IPS in the environment makes the default",
     forwarded_allow_ips},
    {"Behind a proxy", "forwarded-header", "", "auto|forwarded|x-forwarded", "auto",
     "Which of the two they write; auto takes the one that is there, and believes what both say where both "
     "are",
     forwarded_header},
    {"Behind a proxy", "proxy-protocol", "", "off|v1|v2|auto", "off",
     "Connections begin with a PROXY header, of version 1, 2 or either. Only those of "
     "--forwarded-allow-ips are served then",
     proxy_protocol},

    {"Workers", "workers", "w", "N|auto", "1",
     "Worker processes, 1 to 256, or one for each usable core. WEB_CONCURRENCY in the environment makes the "
     "default",
     workers},
    {"Workers", "worker-connections", "", "N", "1000", "Concurrent connections of one worker, 1 to 1000000",
     count<&S::worker_connections, 1, 1'000'000>},
    {"Workers", "max-concurrent-requests", "", "N", "0",
     "Requests that one worker answers at once, 1 to 1000000; more wait for their turns. 0 is no limit",
     count<&S::max_concurrent_requests, 0, 1'000'000>},

    {"Timeouts", "timeout", "t", "TIME", "30s", "Replace a worker that has been stuck for so long; 0 is off",
     duration_or_off<&S::timeout>},
    {"Timeouts", "max-blocking-time", "", "TIME", "100ms",
     "Log who holds up a worker's loop for so long, with the stack; 0 is off",
     duration_or_off<&S::max_blocking_time>},
    {"Timeouts", "graceful-timeout", "", "TIME", "30s",
     "Time for requests in flight to end when a worker stops", duration<&S::graceful_timeout>},
    {"Timeouts", "shutdown-delay", "", "TIME", "0",
     "On TERM, fail --ready-path for so long and serve on, before the server stops; 0 is off",
     duration_or_off<&S::shutdown_delay>},
    {"Timeouts", "boot-timeout", "", "TIME", "30s", "Time for a worker to start", duration<&S::boot_timeout>},
    {"Timeouts", "keep-alive", "", "TIME", "75s",
     "Time that an idle connection stays open; 0 closes it after each answer",
     duration_or_off<&S::keep_alive>},
    {"Timeouts", "header-timeout", "", "TIME", "30s", "Time for a client to send the head of a request",
     duration<&S::header_timeout>},
    {"Timeouts", "body-timeout", "", "TIME", "30s", "Time for a client to send more of a body",
     duration<&S::body_timeout>},
    {"Timeouts", "write-timeout", "", "TIME", "30s", "Time for a client to read more of an answer",
     duration<&S::write_timeout>},
    {"Timeouts", "request-timeout", "", "TIME", "0",
     "Cancel a request that its handler has not answered by then, and answer it with 503; 0 is off",
     duration_or_off<&S::request_timeout>},
    {"Timeouts", "queue-timeout", "", "TIME", "5s",
     "Time that a request waits for its turn (--max-concurrent-requests) before it is answered with 503",
     duration<&S::queue_timeout>},

    {"Limits", "limit-request-line", "", "SIZE", "8190", "Longest request line, 64 to 64K",
     size<&S::limit_request_line, 64, 64 * kKilo>},
    {"Limits", "limit-request-fields", "", "N", "100", "Most header fields of a request, 1 to 32768",
     count<&S::limit_request_fields, 1, 32'768>},
    {"Limits", "limit-request-field_size", "", "SIZE", "8190",
     "Longest header field, 64 to 64K. A head may have 64K, or a request line and four fields of the longest",
     size<&S::limit_request_field_size, 64, 64 * kKilo>, false, Action::serve, "limit-request-field-size"},
    {"Limits", "limit-request-body", "", "SIZE", "8M", "Longest request body, 1 to 1024G",
     size<&S::limit_request_body, 1, kTera>},

    {"Compression", "compress", "", "br,gzip|off", "off",
     "Compress answers for clients that ask for one of these codings, the best first", compress},
    {"Compression", "compress-types", "", "TYPES", "text/*,*json,*xml,*javascript",
     "Media types worth compressing, with at most one * in each", compress_types},
    {"Compression", "compress-min-length", "", "SIZE", "1K", "Shortest answer worth compressing, 0 to 1G",
     size<&S::compress_min_length, 0, kGiga>},

    {"Logging", "access-logfile", "", "FILE", "",
     "Write a line for each request to FILE; - is standard output", access_logfile},
    {"Logging", "access-logformat", "", "FORMAT", observe::AccessLogFormat::kDefault,
     "What stands in that line: gunicorn's %(h)s and the like", access_logformat},
    {"Logging", "log-level", "", "LEVEL", "info", "debug, info, warning, error or critical", log_level},

    {"Other", "config", "c", "FILE", "",
     "Read options by their long names, and the plugins' settings in sections of their names; "
     "./appserver.conf if it is there"},
    {"Other", "check-config", "", "", "",
     "Load the configuration and every plugin, and exit with 0 if all is well", nullptr, false,
     Action::check_config},
    {"Other", "list-hooks", "", "", "", "Print the calls that --hooks is about", nullptr, false,
     Action::list_hooks},
    {"Other", "print-config", "", "", "", "Print each value and where it came from", nullptr, false,
     Action::print_config},
    {"Other", "help", "h", "", "", "Print this", nullptr, false, Action::help},
    {"Other", "version", "v", "", "", "Print the version", nullptr, false, Action::version},
};

}  // namespace

std::span<const Option> options() { return kOptions; }

const Option* find_option(std::string_view name) {
  const auto found = std::find_if(std::begin(kOptions), std::end(kOptions), [&](const Option& option) {
    return option.name == name || (!option.spelling.empty() && option.spelling == name);
  });
  return found == std::end(kOptions) ? nullptr : found;
}

std::string did_you_mean(std::string_view name, std::string_view dashes) {
  std::vector<std::string_view> names;
  for (const Option& option : kOptions) names.push_back(option.name);
  const std::string_view near = nearest(name, names);
  if (near.empty()) return "";
  return "; did you mean " + std::string(dashes) + std::string(near) + "?";
}

}  // namespace config
