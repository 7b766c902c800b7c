// An HTTP/1.1 client for tests: one connection, bytes out as the test writes them, answers in as they come.
// It reads what a correct server sends and throws at anything else; it hides nothing behind retries.
#pragma once

#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

#include "deadline.hpp"

// Where a server listens, from the URL that it prints: `http://127.0.0.1:80`, `http://[::1]:80`,
// `unix:/path`.
struct Address {
  static Address parse(const std::string& url);

  std::string host;  // numeric; or empty, and
  std::string path;  // a unix socket's
  std::uint16_t port = 0;
};

struct Answer {
  int status = 0;
  std::string version;                         // "HTTP/1.1"
  std::map<std::string, std::string> headers;  // names in small letters; repeated ones joined by ", "
  std::string body;                            // chunks joined

  std::string header(const std::string& name) const;  // "" where there is none
};

// The server closed or reset the connection where an answer was due.
struct CutOff : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class HttpClient {
 public:
  // Connects. Throws std::system_error.
  explicit HttpClient(const Address& address);
  ~HttpClient();
  HttpClient(HttpClient&& other) noexcept;
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // Sends the bytes as they are. Throws CutOff where the server has closed.
  void send(std::string_view bytes);
  // Sends as many of them as are taken without waiting: how many that is.
  std::size_t send_some(std::string_view bytes);

  // Says that it will send no more; it reads on.
  void shut_down_sending();

  // Waits for the next answer, whole; an interim one (1xx) counts as one without a body. `method` is the
  // request's, as the answer to HEAD has no body. Throws CutOff, or std::runtime_error at the deadline.
  Answer receive(std::string_view method = "GET", Deadline deadline = {});

  // Sends a request of its own making and waits for the answer.
  Answer get(const std::string& target);
  Answer request(const std::string& method, const std::string& target, const std::string& body = {},
                 const std::string& headers = {});

  // Waits until the server closes the connection, in order, with nothing more sent: true. False where it
  // sends more, resets, or the deadline passes.
  bool is_closed_by_server(Deadline deadline = {});

  // Whether anything has come that has not been taken. Does not wait.
  bool has_bytes() const;

  // Bytes of the answer under way, as they come, for a test that looks at the framing itself.
  std::string receive_until(std::string_view mark, Deadline deadline = {});

 private:
  void fill(Deadline deadline);
  std::string take(std::size_t size, Deadline deadline);
  std::string take_chunks(Deadline deadline);

  int fd_;
  std::string buffer_;  // received and not yet taken
  bool ended_ = false;
};
