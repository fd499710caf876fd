#include "tests/mall/nginx.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "pkg/rest/testing/raw_client.hpp"
#include "pkg/testing/ports.hpp"
#include "pkg/testing/wait.hpp"

namespace mall::testing {
namespace {

namespace fs = std::filesystem;

/// Others may go into it: the workers of root's nginx are not root.
fs::path new_folder() {
  std::string folder = (fs::temp_directory_path() / "nginx-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) throw std::runtime_error("no temporary folder");
  fs::permissions(folder, fs::perms(0755));
  return folder;
}

std::string contents_of(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

void replace_all(std::string& text, const std::string& word, const std::string& with) {
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + with.size())) text.replace(at, word.size(), with);
}

}  // namespace

Nginx::Nginx(const RunningMall& mall) : folder_(new_folder()), port_(pkg::testing::free_port()) {
  for (const auto& service : RunningMall::service_names()) ports_[service] = port_;
  const auto file = folder_ / "nginx.conf";
  std::ofstream(file) << configuration(mall);
  process_ = std::make_unique<pkg::testing::Process>(pkg::testing::Process::Command{
      .words = {"nginx", "-e", (folder_ / "nginx.error.log").string(), "-c", file.string(), "-g", "daemon off;"},
      .environment = {},
      .folder = folder_,
      .log = folder_ / "output"});
  process_->start();
  const auto answers = [&] {
    try {
      return pkg::rest::testing::RawClient(port_).ask("GET /liveness HTTP/1.1\r\nHost: mall\r\n\r\n").status == 200;
    } catch (const std::runtime_error&) {
      return false;
    }
  };
  if (!pkg::testing::wait_until(answers, "nginx to answer")) ADD_FAILURE() << process_->log() << errors();
}

Nginx::~Nginx() {
  // SIGTERM, so that its workers end with it.
  if (!process_->stop()) ADD_FAILURE() << "nginx does not end";
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

std::string Nginx::configuration(const RunningMall& mall) const {
  auto text = contents_of("deploy/nginx/nginx.conf.template");
  std::map<std::string, std::string> words{{"NGINX_USER", ""},
                                           {"NGINX_DIR", folder_.string()},
                                           {"NGINX_LOG_DIR", folder_.string()},
                                           {"NGINX_HTML_DIR", folder_.string()},
                                           {"NGINX_MIME_TYPES", "/etc/nginx/mime.types"},
                                           {"MALL_LISTEN", "127.0.0.1:" + std::to_string(port_)}};
  for (const auto& service : RunningMall::service_names()) {
    std::string name = service;
    std::ranges::transform(name, name.begin(), [](char c) { return static_cast<char>(c - 'a' + 'A'); });
    words[name + "_HTTP_ADDRESS"] = "127.0.0.1:" + std::to_string(mall.http_port(service));
  }
  for (const auto& [name, value] : words) replace_all(text, "${" + name + "}", value);
  return text;
}

Visitor Nginx::in_front_of(const Visitor& who) const {
  auto same = visitor();
  same.use_token(who.token());
  return same;
}

std::string Nginx::errors() const { return contents_of(folder_ / "nginx.error.log"); }

}  // namespace mall::testing
