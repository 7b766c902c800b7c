#include "http/head_parser.hpp"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <limits>

#include "http/head_rules.hpp"

namespace http {
namespace {

namespace beast = boost::beast;
using ErrorCode = beast::error_code;

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

// Beast calls back for each part of the head; bodies are read by body_reader.hpp.
class HeadReader final : public beast::http::basic_parser<true> {
 public:
  explicit HeadReader(RequestHead& head) : head_(head) {
    header_limit(std::numeric_limits<std::uint32_t>::max());  // the scanner has seen to the size
    body_limit(boost::none);
    skip(true);
  }

 private:
  void on_request_impl(beast::http::verb, beast::string_view method, beast::string_view target, int version,
                       ErrorCode&) override {
    head_.method = view(method);
    head_.target = view(target);
    head_.minor_version = version - 10;
  }
  void on_field_impl(beast::http::field, beast::string_view name, beast::string_view value,
                     ErrorCode&) override {
    head_.fields.push_back({view(name), view(value)});
  }
  void on_header_impl(ErrorCode&) override {}
  void on_response_impl(int, beast::string_view, int, ErrorCode&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, ErrorCode&) override {}
  std::size_t on_body_impl(beast::string_view, ErrorCode&) override { return 0; }
  void on_chunk_header_impl(std::uint64_t, beast::string_view, ErrorCode&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view, ErrorCode&) override { return 0; }
  void on_finish_impl(ErrorCode&) override {}

  RequestHead& head_;
};

Refusal refusal_for(const ErrorCode& code) {
  using beast::http::error;
  if (code == error::bad_method) return {400, "The request line does not begin with a method."};
  if (code == error::bad_target) return {400, "The request target is not valid."};
  if (code == error::bad_version) return {400, "The request line does not end with an HTTP version."};
  if (code == error::bad_content_length) return {400, "Content-Length is not valid."};
  if (code == error::multiple_content_length) return {400, "Content-Length was sent more than once."};
  if (code == error::bad_transfer_encoding) return {400, "Transfer-Encoding is not valid."};
  if (code == error::bad_field) return {400, "A header line does not begin with a field's name and a colon."};
  if (code == error::bad_value) return {400, "A header field's value is not valid."};
  if (code == error::bad_line_ending) return {400, "The request's lines do not end with CRLF."};
  return {400, "The request is not HTTP/1.1."};
}

// Where the version's two numbers stand in the request line, `1.1`; npos where it does not end in
// "HTTP/" DIGIT "." DIGIT (RFC 9112 section 2.3).
std::size_t find_version(std::string_view text) {
  constexpr std::string_view kName = " HTTP/";
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const std::size_t end = text.find("\r\n");
  if (end == text.npos || end < kName.size() + 3) return text.npos;
  const std::size_t at = end - 3;
  const bool found = text.substr(0, at).ends_with(kName) && is_digit(text[at]) && text[at + 1] == '.' &&
                     is_digit(text[at + 2]);
  return found ? at : text.npos;
}

}  // namespace

std::optional<Refusal> parse_head(std::string_view text, RequestHead& head) {
  // One empty line before a request is a client's slip (RFC 9112 section 2.2).
  if (text.starts_with("\r\n")) text.remove_prefix(2);
  if (const std::size_t version = find_version(text); version != text.npos) {
    if (text[version] != '1') return Refusal{505, "This server speaks HTTP/1.1 and HTTP/1.0."};
    if (text[version + 2] > '1') {
      // A later minor version is served as the latest that is known (RFC 9110 section 2.5); Beast knows
      // better.
      head.later_version = text;
      head.later_version[version + 2] = '1';
      text = head.later_version;
    }
  }
  HeadReader reader(head);
  ErrorCode error;
  reader.put(boost::asio::buffer(text), error);
  if (error) return refusal_for(error);
  if (!reader.is_header_done()) return Refusal{400, "The request's lines do not end with CRLF."};
  return check_head(head);
}

}  // namespace http
