// The exceptions of a handler. An HttpError is an answer; any other exception that leaves a handler is the
// plugin's failure: the client gets a 500 that does not say why, and the log gets what().
#pragma once

#include <appserver/detail/visibility.hpp>
#include <stdexcept>
#include <string>
#include <system_error>

namespace APPSERVER_HIDDEN appserver {

// Answers the request with `status` (400 to 599) and `text`, as text/plain. The text goes to the client: say
// what the client did wrong, and nothing that it must not know. Once a streamed answer has begun there is
// no status left to send: the connection is cut, and the log gets the text.
class HttpError : public std::runtime_error {
 public:
  HttpError(int status, const std::string& text) : std::runtime_error(text), status_(status) {}
  int status() const { return status_; }

 private:
  int status_;
};

class BadRequest : public HttpError {
 public:
  explicit BadRequest(const std::string& text) : HttpError(400, text) {}
};

class NotFound : public HttpError {
 public:
  explicit NotFound(const std::string& text) : HttpError(404, text) {}
};

// The client closed the connection, or stopped reading the answer for too long. Thrown by whatever reads
// the request or writes the answer; let it pass: nobody is left to answer.
class ClientGone : public std::system_error {
 public:
  explicit ClientGone(int error) : std::system_error(error, std::generic_category(), "the client is gone") {}
};

// The request was cancelled: it took too long, or its client went away. Thrown by whatever it waits in or
// would wait in from then on; clean up and let it pass. Libraries that wait by themselves see ECANCELED
// instead.
class Cancelled : public std::system_error {
 public:
  explicit Cancelled(const std::string& doing)
      : std::system_error(std::make_error_code(std::errc::operation_canceled), doing) {}
};

}  // namespace appserver
