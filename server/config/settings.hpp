// What the operator has asked for: plain values, checked, and never changed once they are read. A reload
// reads a new one. Any process.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "net/endpoint.hpp"
#include "net/proxy_protocol.hpp"
#include "net/trusted_proxies.hpp"
#include "observe/access_log_format.hpp"

namespace config {

using Milliseconds = std::chrono::milliseconds;

struct PluginFile {
  std::string prefix;  // "" or "/prefix", without a slash at the end
  std::string file;    // the path to open, after the search for a bare name
  std::string given;   // as the operator wrote it, for messages
};

// A plugin's section of the configuration file: key to value.
using PluginSettings = std::map<std::string, std::string>;

struct Settings {
  std::vector<PluginFile> plugins;
  std::map<std::string, PluginSettings> plugin_settings;  // by the plugin's name

  bool hooks = true;

  std::vector<net::Endpoint> binds;
  int backlog = 2048;
  std::string ready_path;  // "" is off

  net::TrustedProxies forwarded_allow_ips = net::TrustedProxies::parse("127.0.0.1,::1");
  net::ForwardedHeader forwarded_header = net::ForwardedHeader::automatic;
  net::ProxyProtocol proxy_protocol = net::ProxyProtocol::off;

  unsigned workers = 1;
  std::size_t worker_connections = 1000;
  std::size_t max_concurrent_requests = 0;  // 0 is no limit

  Milliseconds timeout{30'000};         // 0 is off
  Milliseconds max_blocking_time{100};  // 0 is off
  Milliseconds graceful_timeout{30'000};
  Milliseconds shutdown_delay{0};
  Milliseconds boot_timeout{30'000};
  Milliseconds keep_alive{75'000};
  Milliseconds header_timeout{30'000};
  Milliseconds body_timeout{30'000};
  Milliseconds write_timeout{30'000};
  Milliseconds queue_timeout{5'000};
  Milliseconds request_timeout{0};  // 0 is off

  std::size_t limit_request_line = 8190;
  std::size_t limit_request_fields = 100;
  std::size_t limit_request_field_size = 8190;
  std::uint64_t limit_request_body = 8u << 20;

  std::vector<std::string> compress;  // content codings, the best first; none is off
  std::vector<std::string> compress_types;
  std::uint64_t compress_min_length = 1u << 10;

  std::string access_logfile;  // "": none; "-": standard output
  observe::AccessLogFormat access_logformat =
      observe::AccessLogFormat::parse(observe::AccessLogFormat::kDefault);
  base::LogLevel log_level = base::LogLevel::info;
};

}  // namespace config
