#include "net/proxy_protocol.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace net {
namespace {

constexpr std::string_view kNone = "it does not begin with a PROXY header of the version asked for";

constexpr std::string_view kBegin1 = "PROXY ";
constexpr std::size_t kLongest1 = 107;  // with CRLF (section 2.1)

constexpr std::string_view kBegin2("\r\n\r\n\0\r\nQUIT\n", 12);
constexpr std::size_t kFixed2 = 16;  // up to the addresses (section 2.2)

ProxyHeader faulty(std::string_view fault) { return {.size = 0, .fault = fault, .source = {}}; }

// Whether `bytes` begin with `text`, or may yet.
bool may_begin_with(std::string_view bytes, std::string_view text) {
  return bytes.substr(0, text.size()) == text.substr(0, bytes.size());
}

// 0 to 65535, without leading zeroes.
std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  return port;
}

// --- version 1 ----------------------------------------------------------------------------------------

// An address in the form of its family.
std::optional<IpAddress> parse_address(std::string_view text, bool v6) {
  if ((text.find(':') != text.npos) != v6) return std::nullopt;
  return IpAddress::parse(text);
}

// `TCP4 192.0.2.1 192.0.2.2 56324 443`, with one space between two words.
std::optional<Peer> parse_words(std::string_view line) {
  std::array<std::string_view, 5> words;
  for (std::string_view& word : words) {
    const bool last = &word == &words.back();
    const std::size_t end = last ? line.size() : line.find(' ');
    if (end == line.npos) return std::nullopt;
    word = line.substr(0, end);
    line.remove_prefix(last ? end : end + 1);
  }
  const bool v6 = words[0] == "TCP6";
  if (!v6 && words[0] != "TCP4") return std::nullopt;
  const auto source = parse_address(words[1], v6);
  const auto port = parse_port(words[3]);
  if (!source || !port || !parse_address(words[2], v6) || !parse_port(words[4])) return std::nullopt;
  return Peer{Peer::Kind::ip, *port, source};
}

ProxyHeader read_version_1(std::string_view bytes) {
  const std::size_t end = bytes.substr(0, kLongest1).find("\r\n");
  if (end == bytes.npos) {
    if (bytes.size() >= kLongest1) return faulty("its PROXY line has no CRLF within 107 bytes");
    return {};
  }
  const std::string_view line = bytes.substr(kBegin1.size(), end - kBegin1.size());
  const bool unknown = line == "UNKNOWN" || line.starts_with("UNKNOWN ");
  const auto source = unknown ? Peer{} : parse_words(line);
  if (!source) return faulty("its PROXY line is malformed");
  return {.size = end + 2, .fault = {}, .source = source};
}

// --- version 2 ----------------------------------------------------------------------------------------

template <typename Address>
Peer read_addresses(std::string_view bytes) {
  Address source;
  std::uint16_t port;  // behind both addresses, in network order
  std::memcpy(&source, bytes.data(), sizeof source);
  std::memcpy(&port, bytes.data() + 2 * sizeof source, sizeof port);
  return {Peer::Kind::ip, ntohs(port), IpAddress(source)};
}

// What a proxy says of a connection of its own kind, by the byte of family and transport.
struct Family {
  std::uint8_t code;
  std::size_t size;  // of the addresses
  Peer (*read)(std::string_view);
};

// Where the proxy does not say who its client is, that is not the proxy itself: whoever is not known must not
// pass for one who is trusted.
Peer read_none(std::string_view) { return {}; }

constexpr Family kFamilies[] = {
    {0x00, 0, read_none},                  // AF_UNSPEC
    {0x11, 12, read_addresses<in_addr>},   // TCP over IPv4
    {0x21, 36, read_addresses<in6_addr>},  // TCP over IPv6
    {0x31, 216, read_none},                // a unix stream
};

ProxyHeader read_version_2(std::string_view bytes) {
  if (bytes.size() < kFixed2) return {};
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(bytes[i]); };
  const unsigned version = byte(12) >> 4, command = byte(12) & 15;
  if (version != 2) return faulty("its PROXY header is of another version than 2");
  if (command > 1) return faulty("its PROXY header has a command that is not known");
  const std::size_t length = std::size_t{byte(14)} << 8 | byte(15);
  const std::size_t size = kFixed2 + length;
  const auto family = std::ranges::find(kFamilies, byte(13), &Family::code);
  const bool local = command == 0;
  if (!local && family == std::end(kFamilies)) {
    return faulty("its PROXY header is of a family that is not served");
  }
  if (!local && length < family->size) return faulty("its PROXY header is too short for its addresses");
  if (bytes.size() < size) return {};
  if (local) return {.size = size, .fault = {}, .source = {}};
  return {.size = size, .fault = {}, .source = family->read(bytes.substr(kFixed2))};
}

}  // namespace

ProxyHeader read_proxy_header(std::string_view bytes, ProxyProtocol wanted) {
  const bool v1 = wanted != ProxyProtocol::v2 && may_begin_with(bytes, kBegin1);
  const bool v2 = wanted != ProxyProtocol::v1 && may_begin_with(bytes, kBegin2);
  if (!v1 && !v2) return faulty(kNone);
  if (v1 && bytes.size() >= kBegin1.size()) return read_version_1(bytes);
  if (v2 && bytes.size() >= kBegin2.size()) return read_version_2(bytes);
  return {};
}

}  // namespace net
