// Undoes gzip (RFC 1952), for tests.
#pragma once

#include <zlib.h>

#include <string>
#include <string_view>

struct Gunzipped {
  std::string text;    // as far as it can be read
  bool ended = false;  // whether the end was there, with the right checksum
};

inline Gunzipped gunzip(std::string_view bytes) {
  Gunzipped result;
  z_stream stream{};
  inflateInit2(&stream, 15 + 16);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  int status = Z_OK;
  while (status == Z_OK) {
    char piece[4096];
    stream.next_out = reinterpret_cast<Bytef*>(piece);
    stream.avail_out = sizeof piece;
    status = inflate(&stream, Z_NO_FLUSH);
    result.text.append(piece, sizeof piece - stream.avail_out);
  }
  result.ended = status == Z_STREAM_END && stream.avail_in == 0;
  inflateEnd(&stream);
  return result;
}
