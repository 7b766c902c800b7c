#include "site.hpp"

#include <algorithm>
#include <appserver/content_type.hpp>
#include <appserver/detail/fields.hpp>
#include <appserver/error.hpp>
#include <appserver/log.hpp>
#include <appserver/send_file.hpp>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <tuple>

#include "accept_encoding.hpp"
#include "listing.hpp"

using namespace appserver;

namespace {

// Of a file that lies beside another, compressed: `app.js.br` is app.js by Brotli.
struct Variant {
  const char* coding;
  const char* suffix;
};
constexpr Variant kVariants[] = {{"br", ".br"}, {"gzip", ".gz"}};  // the better first

NotFound not_found() { return NotFound("Not Found"); }

bool is_older(const OpenFile& a, const OpenFile& b) {
  const auto &x = a.modified(), &y = b.modified();
  return std::tie(x.tv_sec, x.tv_nsec) < std::tie(y.tv_sec, y.tv_nsec);
}

// The parts of a multipart/byteranges have nowhere to say that they are compressed: Content-Encoding would be
// that of the whole (RFC 9110 sections 8.4 and 14.6).
bool wants_parts(const Request& request) {
  bool parts = false;
  detail::for_each_field(request, "range", [&](std::string_view value) {
    parts = parts || value.find(',') != std::string_view::npos;
  });
  return parts;
}

// To the same path with a slash at its end. A relative reference: it holds behind a proxy that has taken a
// prefix off, and can't lead to another host. The dot keeps a name with a colon from being taken for a
// scheme.
Response redirect_to_folder(const Request& request) {
  const auto path = request.path();
  std::string location = "./" + std::string(path.substr(path.rfind('/') + 1)) + "/";
  if (!request.query_string().empty()) location += "?" + std::string(request.query_string());
  return text("Moved Permanently").status(301).header("Location", location);
}

}  // namespace

Response Site::operator()(Request& request) const {
  const auto below = request.parameter("path").required<std::string_view>();
  const auto asked = AskedPath::read(request.path(), below, settings_->hidden);
  if (!asked) throw not_found();
  auto found = open(asked->path);
  if (!found) throw not_found();
  if (found->is_folder()) return answer_folder(request, *asked);
  if (!found->is_regular() || asked->as_folder) throw not_found();
  return answer_file(request, asked->path, *std::move(found));
}

Response Site::answer_folder(const Request& request, const AskedPath& asked) const {
  if (!asked.as_folder) return with_cache_control(redirect_to_folder(request));
  for (const auto& name : settings_->index) {
    const auto path = asked.path + "/" + name;
    if (auto index = open_file(path)) return answer_file(request, path, *std::move(index));
  }
  if (!settings_->listing) throw not_found();
  const auto page = listing_page(asked.path, entries_of(*root_, asked.path, settings_->hidden));
  return with_cache_control(bytes("text/html; charset=utf-8", page))
      .header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
}

Response Site::answer_file(const Request& request, const std::string& path, OpenFile file) const {
  const char* coding = nullptr;
  bool varies = false;
  std::optional<OpenFile> chosen;
  if (settings_->precompressed) {
    // The file as it is is never refused, but may be what the client likes best.
    const int plain = wish_for(request, "identity");
    const bool parts = wants_parts(request);
    int best = 0;
    for (const auto& variant : kVariants) {
      auto compressed = open_file(path + variant.suffix);
      // An older one is of what the file was before.
      if (!compressed || is_older(*compressed, file)) continue;
      varies = true;
      const int wish = wish_for(request, variant.coding);
      if (wish <= best || wish < plain || parts) continue;
      best = wish;
      coding = variant.coding;
      chosen = std::move(compressed);
    }
  }
  auto response = send_file(request, chosen ? *std::move(chosen) : std::move(file), type_of(path));
  if (coding != nullptr && (response.status() == 200 || response.status() == 206)) {
    response.header("Content-Encoding", coding);
  }
  if (varies) response.header("Vary", "Accept-Encoding");
  return with_cache_control(std::move(response));
}

// What is there, or nothing; a client learns no more than that. What is the operator's to know is logged.
std::optional<OpenFile> Site::open(const std::string& path) const {
  try {
    return OpenFile(root_->open(path));
  } catch (const std::system_error& error) {
    switch (error.code().value()) {
      case ENOENT:
      case ENOTDIR:
      case ENAMETOOLONG:
      case ENXIO:  // a socket
        return std::nullopt;
      case EXDEV:
        log_warning("{} is not served: it leads out of the root", path);
        return std::nullopt;
      case ELOOP:
      case EACCES:
      case EPERM:
        log_warning("{} is not served: {}", path, error.code().message());
        return std::nullopt;
      case EMFILE:
      case ENFILE:
      case ENOMEM:
      case EAGAIN:
        log_error("{} is not served now: {}", path, error.code().message());
        throw HttpError(503, "Service Unavailable");
      default:
        throw;
    }
  }
}

std::optional<OpenFile> Site::open_file(const std::string& path) const {
  auto found = open(path);
  if (found && !found->is_regular()) found.reset();
  return found;
}

std::string Site::type_of(const std::string& path) const {
  std::string suffix(suffix_of(path));
  std::transform(suffix.begin(), suffix.end(), suffix.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  const auto own = settings_->types.find(suffix);
  std::string type(own != settings_->types.end() ? own->second : content_type_of(path));
  const bool is_text = type.compare(0, 5, "text/") == 0;
  if (is_text && !settings_->charset.empty()) type += "; charset=" + settings_->charset;
  return type;
}

Response Site::with_cache_control(Response response) const {
  if (!settings_->cache_control.empty() && response.status() < 400) {
    response.header("Cache-Control", settings_->cache_control);
  }
  return response;
}
