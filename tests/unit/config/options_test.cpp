#include "config/options.hpp"

#include <set>

#include "catch.hpp"

using namespace config;

TEST_CASE("the defaults of the table are those of the settings") {
  Settings read;
  for (const Option& option : options()) {
    if (option.set != nullptr && !option.fallback.empty()) option.set(read, option.fallback);
  }
  const Settings made;
  CHECK(read.backlog == made.backlog);
  CHECK(read.workers == made.workers);
  CHECK(read.worker_connections == made.worker_connections);
  CHECK(read.timeout == made.timeout);
  CHECK(read.max_blocking_time == made.max_blocking_time);
  CHECK(read.graceful_timeout == made.graceful_timeout);
  CHECK(read.boot_timeout == made.boot_timeout);
  CHECK(read.keep_alive == made.keep_alive);
  CHECK(read.header_timeout == made.header_timeout);
  CHECK(read.body_timeout == made.body_timeout);
  CHECK(read.limit_request_line == made.limit_request_line);
  CHECK(read.limit_request_fields == made.limit_request_fields);
  CHECK(read.limit_request_field_size == made.limit_request_field_size);
  CHECK(read.limit_request_body == made.limit_request_body);
  CHECK(read.forwarded_allow_ips == made.forwarded_allow_ips);
  CHECK(read.forwarded_header == made.forwarded_header);
  CHECK(read.proxy_protocol == made.proxy_protocol);
  CHECK(read.access_logfile == made.access_logfile);
  CHECK(read.access_logformat == made.access_logformat);
  CHECK(read.log_level == made.log_level);
}

TEST_CASE("each option has a name, a letter and a spelling of its own") {
  std::set<std::string> names;
  std::set<std::string> letters;
  for (const Option& option : options()) {
    CAPTURE(option.name);
    CHECK(names.emplace(option.name).second);
    CHECK((option.letter.empty() || letters.emplace(option.letter).second));
    CHECK((option.spelling.empty() || names.emplace(option.spelling).second));
    CHECK(find_option(option.name) == &option);
  }
}

TEST_CASE("an option is found by its other spelling too") {
  CHECK(find_option("limit-request-field-size") == find_option("limit-request-field_size"));
  CHECK(find_option("worker") == nullptr);
  CHECK(find_option("") == nullptr);
}

TEST_CASE("a misspelt option brings the one that was meant") {
  CHECK(did_you_mean("worker", "--") == "; did you mean --workers?");
  CHECK(did_you_mean("limit_request_body", "") == "; did you mean limit-request-body?");
  CHECK(did_you_mean("certfile", "--") == "");
}
