// What the server makes of the bytes that a client sends, case by case, each with the rule that decides it:
// the place to look up what is accepted and what is refused. `9112 6.3` is RFC 9112, section 6.3. The unit
// tests of http/ feed them to the parser, and a process test to the real server.
#pragma once

#include <optional>
#include <string>
#include <vector>

// What has to come of a request.
struct Verdict {
  int status;         // of the answer; 200 where the request is accepted
  bool closes;        // with it the connection ends; else the next request behind it is answered
  std::string reads;  // what an accepted request was read as: `METHOD target-path?query host body`
};

struct WireCase {
  const char* rule;
  std::string bytes;
  Verdict verdict;
};

// Accepted, and read so; the connection goes on.
inline Verdict reads(std::string request) { return {200, false, std::move(request)}; }

// Accepted, and read so; the connection ends.
inline Verdict reads_last(std::string request) { return {200, true, std::move(request)}; }

// Refused with this status, and the connection ends: nothing behind it is read.
inline Verdict refused(int status) { return {status, true, {}}; }

// A request line, and no more than it needs.
inline std::string line(const std::string& request_line) { return request_line + "\r\nHost: a\r\n\r\n"; }

// A GET with these fields beside its Host.
inline std::string get(const std::string& fields) {
  return "GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
}

// A POST with these fields beside its Host, and this body.
inline std::string post(const std::string& fields, const std::string& body = {}) {
  return "POST / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n" + body;
}

std::vector<WireCase> request_line_cases();
std::vector<WireCase> target_cases();
std::vector<WireCase> host_cases();
std::vector<WireCase> field_cases();
std::vector<WireCase> connection_cases();
std::vector<WireCase> framing_cases();
std::vector<WireCase> chunk_cases();
std::vector<WireCase> limit_cases();

// All of them. [any thread]
std::vector<WireCase> wire_cases();

// What fixtures/wire.cpp answers to what it has read: the words of Verdict::reads.
inline std::string words_of(const std::string& method, const std::string& target, const std::string& host,
                            const std::string& body) {
  std::string words = method + " " + target;
  if (!host.empty()) words += " " + host;
  if (!body.empty()) words += " " + body;
  return words;
}
