#include "http_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstring>
#include <system_error>
#include <utility>

namespace {

std::system_error failure(const char* what) { return {errno, std::generic_category(), what}; }

int connected(int family, const void* address, socklen_t size) {
  const int fd = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) throw failure("socket");
  if (::connect(fd, static_cast<const sockaddr*>(address), size) != 0) {
    const std::system_error error = failure("connect");
    ::close(fd);
    throw error;
  }
  return fd;
}

int connected(const Address& to) {
  if (!to.path.empty()) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    to.path.copy(address.sun_path, sizeof address.sun_path - 1);
    return connected(AF_UNIX, &address, sizeof address);
  }
  if (to.host.find(':') != std::string::npos) {
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(to.port);
    ::inet_pton(AF_INET6, to.host.c_str(), &address.sin6_addr);
    return connected(AF_INET6, &address, sizeof address);
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(to.port);
  ::inet_pton(AF_INET, to.host.c_str(), &address.sin_addr);
  return connected(AF_INET, &address, sizeof address);
}

std::string small(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

// Status line and header section (RFC 9112 sections 4 and 5), without the empty line.
Answer parse_head(const std::string& head) {
  Answer answer;
  std::size_t line_end = head.find("\r\n");
  const std::string status_line = head.substr(0, line_end);
  if (!status_line.starts_with("HTTP/1.") || status_line.size() < 12)
    throw std::runtime_error("not a status line: " + status_line);
  answer.version = status_line.substr(0, 8);
  answer.status = std::stoi(status_line.substr(9, 3));
  while (line_end != std::string::npos) {
    const std::size_t begin = line_end + 2;
    line_end = head.find("\r\n", begin);
    const std::string line = head.substr(begin, line_end == std::string::npos ? line_end : line_end - begin);
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos) throw std::runtime_error("not a header field: " + line);
    std::string& value = answer.headers[small(line.substr(0, colon))];
    if (!value.empty()) value += ", ";
    value += line.substr(std::min(line.find_first_not_of(" \t", colon + 1), line.size()));
  }
  return answer;
}

}  // namespace

Address Address::parse(const std::string& url) {
  Address address;
  if (url.starts_with("unix:")) {
    address.path = url.substr(5);
    return address;
  }
  const std::size_t begin = url.find("//") + 2;
  const std::size_t colon = url.rfind(':');
  address.host = url.substr(begin, colon - begin);
  address.port = static_cast<std::uint16_t>(std::stoi(url.substr(colon + 1)));
  if (address.host.starts_with('[')) address.host = address.host.substr(1, address.host.size() - 2);
  return address;
}

std::string Answer::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? "" : found->second;
}

HttpClient::HttpClient(const Address& address) : fd_(connected(address)) {}

HttpClient::HttpClient(HttpClient&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), buffer_(std::move(other.buffer_)), ended_(other.ended_) {}

HttpClient::~HttpClient() {
  if (fd_ >= 0) ::close(fd_);
}

void HttpClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) throw CutOff("send: " + std::string(std::strerror(errno)));
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::size_t HttpClient::send_some(std::string_view bytes) {
  std::size_t taken = 0;
  while (taken < bytes.size()) {
    const ssize_t sent = ::send(fd_, bytes.data() + taken, bytes.size() - taken, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno == EAGAIN) break;
    if (sent < 0) throw CutOff("send: " + std::string(std::strerror(errno)));
    taken += static_cast<std::size_t>(sent);
  }
  return taken;
}

void HttpClient::fill(Deadline deadline) {
  pollfd readable{fd_, POLLIN, 0};
  if (::poll(&readable, 1, deadline.milliseconds_left()) != 1)
    throw std::runtime_error("no answer in time; so far: " + buffer_);
  char bytes[16384];
  const ssize_t got = ::recv(fd_, bytes, sizeof bytes, 0);
  if (got < 0) throw CutOff("recv: " + std::string(std::strerror(errno)));
  if (got == 0) ended_ = true;
  buffer_.append(bytes, static_cast<std::size_t>(got));
}

std::string HttpClient::take(std::size_t size, Deadline deadline) {
  while (buffer_.size() < size) {
    if (ended_) throw CutOff("closed in the middle of an answer: " + buffer_);
    fill(deadline);
  }
  std::string taken = buffer_.substr(0, size);
  buffer_.erase(0, size);
  return taken;
}

std::string HttpClient::receive_until(std::string_view mark, Deadline deadline) {
  std::size_t found;
  while ((found = buffer_.find(mark)) == std::string::npos) {
    if (ended_)
      throw CutOff(buffer_.empty() ? "closed before an answer" : "closed in the middle of an answer");
    fill(deadline);
  }
  return take(found + mark.size(), deadline);
}

std::string HttpClient::take_chunks(Deadline deadline) {
  std::string body;
  for (;;) {
    const std::size_t size = std::stoul(receive_until("\r\n", deadline), nullptr, 16);
    if (size == 0) break;
    body += take(size, deadline);
    if (take(2, deadline) != "\r\n") throw std::runtime_error("a chunk is longer than it says");
  }
  while (receive_until("\r\n", deadline) != "\r\n") {  // trailers
  }
  return body;
}

Answer HttpClient::receive(std::string_view method, Deadline deadline) {
  std::string head = receive_until("\r\n\r\n", deadline);
  Answer answer = parse_head(head.substr(0, head.size() - 4));
  // RFC 9112 section 6.3: how long the body is.
  if (method == "HEAD" || answer.status < 200 || answer.status == 204 || answer.status == 304) return answer;
  if (answer.header("transfer-encoding") == "chunked") {
    answer.body = take_chunks(deadline);
  } else if (const std::string length = answer.header("content-length"); !length.empty()) {
    answer.body = take(std::stoul(length), deadline);
  } else {
    while (!ended_) fill(deadline);
    answer.body = std::exchange(buffer_, {});
  }
  return answer;
}

void HttpClient::shut_down_sending() { ::shutdown(fd_, SHUT_WR); }

Answer HttpClient::get(const std::string& target) { return request("GET", target); }

Answer HttpClient::request(const std::string& method, const std::string& target, const std::string& body,
                           const std::string& headers) {
  std::string head = method + " " + target + " HTTP/1.1\r\nHost: test\r\n" + headers;
  if (!body.empty()) head += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  send(head + "\r\n" + body);
  return receive(method);
}

bool HttpClient::is_closed_by_server(Deadline deadline) {
  try {
    while (!ended_ && buffer_.empty()) fill(deadline);
  } catch (const std::runtime_error&) {
    return false;
  }
  return ended_ && buffer_.empty();
}

bool HttpClient::has_bytes() const {
  pollfd readable{fd_, POLLIN, 0};
  return !buffer_.empty() || ::poll(&readable, 1, 0) == 1;
}
