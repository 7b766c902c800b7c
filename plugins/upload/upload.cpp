// Stores the files of a form, however large, as they come:
//
//   GET  /upload    a page with such a form
//   POST /upload    a line for each field and file, with the name under which the file lies in the folder
//
//   [upload]
//   folder = /var/lib/uploads    where to; it must exist
//
// The server takes bodies up to --limit-request-body. What a client calls its file is shown, and never used
// as a path.
#include <appserver/plugin.hpp>
#include <cstdint>
#include <string>

#include "stored_file.hpp"

using namespace appserver;

namespace {

constexpr const char* kPage =
    "<!DOCTYPE html>\n<meta charset=\"utf-8\">\n<title>Upload</title>\n"
    "<form method=\"post\" enctype=\"multipart/form-data\">\n"
    "<p><input name=\"note\" placeholder=\"A note\"> <input name=\"file\" type=\"file\" multiple>\n"
    "<p><button>Upload</button>\n</form>\n";

constexpr std::size_t kLongestField = 64 * 1024;

// The line that tells of a file.
std::string store(Part& part, const std::string& folder) {
  StoredFile file(folder);
  std::uint64_t size = 0;
  while (const auto piece = part.read()) {
    file.write(*piece);
    size += piece->size();
  }
  return part.name() + ": '" + *part.filename() + "' of type " + part.content_type() + ", " +
         std::to_string(size) + " bytes, stored as " + file.keep() + '\n';
}

Response upload(Request& request, const std::string& folder) {
  std::string answer;
  FormStream form(request);
  while (Part* const part = form.next()) {
    if (!part->filename()) {
      answer += part->name() + ": " + part->all(kLongestField) + '\n';
    } else if (!part->filename()->empty()) {
      answer += store(*part, folder);
    }
  }
  return text(answer);
}

}  // namespace

APPSERVER_PLUGIN(app) {
  app.name("upload");
  const auto folder = app.setting("folder").required<std::string>();
  StoredFile writable(folder);  // or the boot fails, with the reason, and not the first upload
  app.get("/upload", [](Request&) { return bytes("text/html; charset=utf-8", kPage); });
  app.post("/upload", [folder](Request& request) { return upload(request, folder); });
}
