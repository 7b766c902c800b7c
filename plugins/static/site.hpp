// A folder as a web site: the handler of all its paths. Copied into its route; what it holds is shared.
#pragma once

#include <appserver/open_file.hpp>
#include <appserver/request.hpp>
#include <appserver/response.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "asked_path.hpp"
#include "root.hpp"

// As the configuration file has it; static.cpp says what each means.
struct SiteSettings {
  std::vector<std::string> index;
  bool listing = false;
  bool hidden = false;
  bool precompressed = true;
  std::string cache_control;
  std::string charset;
  std::map<std::string, std::string> types;  // by suffix, in small letters
};

class Site {
 public:
  Site(Root root, SiteSettings settings)
      : root_(std::make_shared<const Root>(std::move(root))),
        settings_(std::make_shared<const SiteSettings>(std::move(settings))) {}

  // Answers GET and HEAD of `/{path...}`. [may suspend]
  appserver::Response operator()(appserver::Request& request) const;

 private:
  appserver::Response answer_folder(const appserver::Request& request, const AskedPath& asked) const;
  appserver::Response answer_file(const appserver::Request& request, const std::string& path,
                                  appserver::OpenFile file) const;
  std::optional<appserver::OpenFile> open(const std::string& path) const;
  std::optional<appserver::OpenFile> open_file(const std::string& path) const;
  std::string type_of(const std::string& path) const;
  appserver::Response with_cache_control(appserver::Response response) const;

  std::shared_ptr<const Root> root_;
  std::shared_ptr<const SiteSettings> settings_;
};
