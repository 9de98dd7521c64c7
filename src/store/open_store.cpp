// From a URL to a Store: one row per scheme.
#include "base/logging.h"
#include "store/chain.h"
#include "store/local.h"
#include "store/memory.h"
#include "store/remote/http_store.h"
#include "store/remote/s3_store.h"
#include "store/sftp.h"
#include "store/smb.h"
#include "store/url.h"
#include "store/wrappers.h"

#include <copick/error.h>
#include <copick/json.h>
#include <copick/store.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <vector>

namespace copick::store {

namespace {

constexpr std::string_view kOpening = "open a store";

// Where "~" leads. The caller wrote it, so asking the environment is not behind their back.
std::string home_folder() {
  if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0') return home;
  std::vector<char> buffer(16 << 10);
  passwd entry{};
  passwd* found = nullptr;
  getpwuid_r(::getuid(), &entry, buffer.data(), buffer.size(), &found);
  if (found != nullptr && found->pw_dir != nullptr) return found->pw_dir;
  throw ValidationError(
      {std::string(kOpening), "~", "this user has no home folder", "give the whole path"});
}

StorePtr open_local(const StoreUrl& url, const Json&) {
  const std::string& rest = url.rest;
  if (rest.empty()) {
    throw ValidationError({std::string(kOpening), "local://", "the URL names no folder",
                           "write 'local:///data/project', or 'local://.' for this folder"});
  }
  const bool at_home = rest == "~" || rest.starts_with("~/");
  return local_store(at_home ? home_folder() + rest.substr(1) : rest);
}

StorePtr open_memory(const StoreUrl& url, const Json&) {
  const std::string& rest = url.rest;
  const std::size_t first = rest.find_first_not_of('/');
  if (first == std::string::npos) return process_memory_store();
  const std::size_t last = rest.find_last_not_of('/');
  return prefix_store(process_memory_store(), rest.substr(first, last - first + 1));
}

StorePtr open_web(const StoreUrl& url, const Json& arguments) {
  return open_http(url.scheme + "://" + url.rest, arguments);
}

StorePtr open_bucket(const StoreUrl& url, const Json& arguments) {
  const bool google = url.scheme == "gs" || url.scheme == "gcs";
  return open_s3(url.rest, arguments, google ? S3Dialect::google : S3Dialect::amazon);
}

struct Scheme {
  std::string_view name;
  StorePtr (*open)(const StoreUrl& url, const Json& arguments);
  std::string_view arguments;  // names of fs_args that need no remark, each between blanks
};

// Arguments of s3fs that change how Python reads and not what is read need no remark either.
constexpr std::string_view kWebArguments =
    " headers username password verify proxy connect_timeout read_timeout max_attempts "
    "client_kwargs forbidden_is_absent ";
constexpr std::string_view kBucketArguments =
    " key username secret password token profile anon endpoint_url region use_ssl client_kwargs "
    "config_kwargs addressing_style requester_pays s3_additional_kwargs verify proxy "
    "connect_timeout read_timeout max_attempts forbidden_is_absent auto_mkdir default_block_size "
    "max_concurrency use_listings_cache ";

constexpr Scheme kSchemes[] = {
    {"", open_local, " auto_mkdir "},  // missing folders are always made
    {"local", open_local, " auto_mkdir "},  {"file", open_local, " auto_mkdir "},
    {"memory", open_memory, " "},           {"http", open_web, kWebArguments},
    {"https", open_web, kWebArguments},     {"s3", open_bucket, kBucketArguments},
    {"s3a", open_bucket, kBucketArguments}, {"gs", open_bucket, kBucketArguments},
    {"gcs", open_bucket, kBucketArguments}, {"ssh", open_sftp, kSftpArguments},
    {"sftp", open_sftp, kSftpArguments},    {"smb", open_smb, kSmbArguments},
};

[[noreturn]] void throw_unknown(const std::string& scheme, std::string_view url) {
  std::string known;
  for (const Scheme& row : kSchemes) {
    if (!row.name.empty()) known += std::string(row.name) + "://, ";
  }
  throw ValidationError({std::string(kOpening), without_secrets(url),
                         "unknown scheme '" + scheme + "' (known: " + known +
                             std::string(chain_schemes()) + "or a plain path)",
                         "a local folder whose name has a ':' is written './" +
                             without_secrets(url).substr(0, url.find('/')) + "'"});
}

Json parse_arguments(std::string_view url, std::string_view fs_args_json) {
  if (fs_args_json.find_first_not_of(" \t\r\n") == std::string_view::npos) return Json::object();
  Json arguments = Json::parse(fs_args_json, "fs_args of " + without_secrets(url));
  if (arguments.is_null()) return Json::object();
  if (!arguments.is_object()) {
    throw ValidationError({std::string(kOpening), without_secrets(url),
                           "its fs_args are not a JSON object",
                           "write {\"auto_mkdir\": true}, or leave them out"});
  }
  return arguments;
}

// Arguments of other file systems are harmless here, but may show a mistaken URL. Values may be
// secrets: only names are logged.
void remark_unknown(const Scheme& scheme, std::string_view url, const Json& arguments) {
  for (const auto& [name, value] : arguments.members()) {
    if (scheme.arguments.find(" " + name + " ") != std::string_view::npos) continue;
    base::warn("ignored argument '" + name + "' of the store " + without_secrets(url));
  }
}

}  // namespace

}  // namespace copick::store

namespace copick {

StorePtr open_store(std::string_view url, std::string_view fs_args_json) {
  const store::StoreUrl parts = store::split_url(url);
  const Json arguments = store::parse_arguments(url, fs_args_json);
  if (store::is_chain(url)) return store::open_chain(url, arguments);
  const auto* scheme =
      std::find_if(std::begin(store::kSchemes), std::end(store::kSchemes),
                   [&](const store::Scheme& row) { return row.name == parts.scheme; });
  if (scheme == std::end(store::kSchemes)) store::throw_unknown(parts.scheme, url);
  store::remark_unknown(*scheme, url, arguments);
  return scheme->open(parts, arguments);
}

}  // namespace copick
