// A file as an answer: `return send_file(request, "/srv/report.pdf");`
#pragma once

#include <appserver/content.hpp>
#include <appserver/content_type.hpp>
#include <appserver/error.hpp>
#include <appserver/open_file.hpp>
#include <appserver/request.hpp>
#include <appserver/response.hpp>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

namespace APPSERVER_HIDDEN appserver {

// Answers with an open file, by serve_content(): conditions and ranges are heeded, and the kernel sends it.
inline Response send_file(const Request& request, OpenFile opened, std::string content_type) {
  const auto held = std::make_shared<const OpenFile>(std::move(opened));
  return serve_content(request, {std::move(content_type), held->size(), held->validators(),
                                 [held](ResponseStream& out, const ByteRange& range) {
                                   out.write_file(held->descriptor(), range.first, range.size);
                                 }});
}

// The same with the file at `path`, of the type that its suffix says. 404 where there is none; where it can't
// be opened otherwise, std::system_error, a 500. The path is the plugin's own choice: one that a client has a
// say in must be kept from leading elsewhere, as the plugin `static` does. [may suspend]
inline Response send_file(const Request& request, const std::string& path) {
  try {
    auto opened = OpenFile::open(path);
    if (opened.is_regular()) return send_file(request, std::move(opened), std::string(content_type_of(path)));
  } catch (const std::system_error& error) {
    const auto code = error.code();
    if (code != std::errc::no_such_file_or_directory && code != std::errc::not_a_directory) throw;
  }
  throw NotFound("Not Found");
}

}  // namespace appserver
