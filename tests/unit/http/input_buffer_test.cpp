#include "http/input_buffer.hpp"

#include <algorithm>
#include <string>

#include "catch.hpp"

namespace {

void fill(http::InputBuffer& buffer, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto room = buffer.room();
    const std::size_t size = std::min(room.size(), bytes.size());
    std::copy_n(bytes.begin(), size, room.begin());
    buffer.filled(size);
    bytes.remove_prefix(size);
  }
}

}  // namespace

TEST_CASE("bytes come out of an input buffer as they went in, past any size") {
  http::BlockPool pool;
  http::InputBuffer buffer(pool);
  std::string all;
  for (int i = 0; i < 3000; ++i) all += std::to_string(i) + ",";
  fill(buffer, all);
  CHECK(buffer.unread() == all);
  buffer.consume(1000);
  buffer.append("end");
  CHECK(buffer.unread() == all.substr(1000) + "end");
}

TEST_CASE("what has been consumed makes room before the buffer grows") {
  http::BlockPool pool;
  http::InputBuffer buffer(pool);
  const std::string block(http::BlockPool::kBlockSize, 'a');
  fill(buffer, block);
  buffer.consume(block.size() - 1);
  CHECK(buffer.room().size() == block.size() - 1);
}

TEST_CASE("a released buffer is empty, and its block serves the next") {
  http::BlockPool pool;
  http::InputBuffer first(pool);
  fill(first, "abc");
  const char* const block = first.unread().data();
  first.release();
  CHECK(first.empty());
  http::InputBuffer second(pool);
  fill(second, "x");
  CHECK(second.unread().data() == block);
}
