// A TCP connection that a plugin makes. Waiting for it suspends this request's fiber and nothing else.
#pragma once

#include <appserver/detail/host.hpp>
#include <appserver/duration.hpp>
#include <appserver/tcp_address.hpp>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace APPSERVER_HIDDEN appserver {

// Owns its connection, which closes when it ends. Every failure is a std::system_error whose code() compares
// with std::errc (connection_refused, timed_out, connection_reset...), and whose what() names the address.
class TcpStream {
 public:
  // Connects within `timeout`, trying each address of the host in turn; zero is no limit. The timeout then
  // holds for each read and write too, until set_timeout(). A name without an address is
  // std::errc::no_such_file_or_directory. [may suspend]
  static TcpStream connect(TcpAddress address, Seconds timeout) {
    appserver_socket* socket = nullptr;
    const int result = detail::host.socket->connect(detail::host.self, detail::to_abi(address.host),
                                                    address.port, detail::to_nanoseconds(timeout), &socket);
    const std::string where = address.text();
    detail::check(result, result == -ENOENT ? "no address found for " + where : "connecting to " + where);
    TcpStream stream(socket, where);
    stream.set_timeout(timeout);
    return stream;
  }
  static TcpStream connect(std::string_view name, std::uint16_t port, Seconds timeout) {
    return connect(TcpAddress{std::string(name), port}, timeout);
  }

  // The same to `HOST:PORT` or `[::1]:PORT`; std::invalid_argument where it is neither. [may suspend]
  static TcpStream connect(std::string_view address, Seconds timeout) {
    auto parsed = TcpAddress::parse(address);
    if (!parsed) throw std::invalid_argument("'" + std::string(address) + "' is not HOST:PORT or [::1]:PORT");
    return connect(std::move(*parsed), timeout);
  }

  // The longest that one read or write waits for the other side; zero is no limit. [never suspends]
  void set_timeout(Seconds timeout) {
    detail::host.socket->set_timeout(socket_.get(), detail::to_nanoseconds(timeout));
  }

  // Reads the next 1 to `size` bytes into `data`, as they come; 0 at the end of the stream. [may suspend]
  std::size_t read(char* data, std::size_t size) {
    const auto result = detail::host.socket->read(socket_.get(), data, size);
    if (result < 0) detail::check(result, "reading from " + peer_);
    return static_cast<std::size_t>(result);
  }

  // Reads to the end of the stream. Longer than `limit` bytes is std::errc::message_size. [may suspend]
  std::string read_all(std::size_t limit) {
    std::string all;
    const std::unique_ptr<char[]> piece(new char[kPieceSize]);
    while (const auto size = read(piece.get(), kPieceSize)) {
      if (size > limit - all.size()) detail::check(-EMSGSIZE, "reading from " + peer_);
      all.append(piece.get(), size);
    }
    return all;
  }

  // Writes all of it. [may suspend]
  void write(std::string_view data) {
    const int result = detail::host.socket->write(socket_.get(), detail::to_abi(data));
    if (result < 0) detail::check(result, "writing to " + peer_);
  }

 private:
  static constexpr std::size_t kPieceSize = 16 * 1024;

  struct Close {
    void operator()(appserver_socket* socket) const { detail::host.socket->close(socket); }
  };

  TcpStream(appserver_socket* socket, std::string peer) : socket_(socket), peer_(std::move(peer)) {}

  std::unique_ptr<appserver_socket, Close> socket_;
  std::string peer_;
};

}  // namespace appserver
