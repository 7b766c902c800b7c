// The header fields of a request, for a range-based for: `for (auto [name, value] : request.headers())`.
#pragma once

#include <appserver/detail/host.hpp>
#include <cstddef>
#include <iterator>
#include <string_view>

namespace APPSERVER_HIDDEN appserver {

struct Header {
  std::string_view name;  // as it was sent; names compare without regard to case
  std::string_view value;
};

// In the order they were sent, repeated ones too. Lives as long as its Request, like the views it gives.
class Headers {
 public:
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Header;
    using difference_type = std::ptrdiff_t;
    using pointer = const Header*;
    using reference = Header;

    Iterator(const appserver_exchange* exchange, std::size_t index) : exchange_(exchange), index_(index) {}

    Header operator*() const {
      appserver_string name{}, value{};
      detail::check(detail::host.request->header_at(exchange_, index_, &name, &value), "reading a header");
      return {detail::from_abi(name), detail::from_abi(value)};
    }
    Iterator& operator++() { return ++index_, *this; }
    Iterator operator++(int) { return {exchange_, index_++}; }
    bool operator==(const Iterator& other) const { return index_ == other.index_; }
    bool operator!=(const Iterator& other) const { return index_ != other.index_; }

   private:
    const appserver_exchange* exchange_;
    std::size_t index_;
  };

  explicit Headers(const appserver_exchange* exchange) : exchange_(exchange) {}

  std::size_t size() const { return detail::host.request->header_count(exchange_); }
  Iterator begin() const { return {exchange_, 0}; }
  Iterator end() const { return {exchange_, size()}; }

 private:
  const appserver_exchange* exchange_;
};

}  // namespace appserver
