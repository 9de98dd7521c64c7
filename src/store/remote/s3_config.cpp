#include "store/remote/s3_config.h"

#include "base/environment.h"
#include "store/key.h"
#include "store/percent.h"
#include "store/remote/arguments.h"
#include "store/remote/profile_file.h"
#include "store/url.h"

#include <copick/error.h>

#include <algorithm>

namespace copick::store::remote {

namespace {

constexpr const char* kOpening = "open a store";

bool is_bucket_name(std::string_view name) {
  if (name.size() < 3 || name.size() > 255) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_';
  });
}

// Whether the name may stand in a host name, under Amazon's certificate too.
bool fits_host(std::string_view bucket) {
  return bucket.size() <= 63 && std::all_of(bucket.begin(), bucket.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
         });
}

void set_endpoint(S3Config& config, const std::string& endpoint) {
  const StoreUrl parts = split_url(endpoint);
  if (parts.scheme != "http" && parts.scheme != "https") {
    throw ValidationError({kOpening, config.url(""), "the endpoint_url is no http(s) URL",
                           "write \"endpoint_url\": \"https://server:9000\""});
  }
  config.scheme = parts.scheme;
  const std::size_t slash = std::min(parts.rest.find('/'), parts.rest.size());
  config.host = parts.rest.substr(0, slash);
  config.root = parts.rest.substr(slash);
  while (config.root.ends_with('/')) config.root.pop_back();
  // As the Host header will have it, which is signed.
  const std::string own_port = parts.scheme == "https" ? ":443" : ":80";
  if (config.host.ends_with(own_port)) config.host.erase(config.host.size() - own_port.size());
  const bool odd = config.host.empty() || config.host.find('@') != std::string::npos ||
                   parts.rest.find_first_of("?#") != std::string::npos;
  if (odd) {
    throw ValidationError({kOpening, config.url(""),
                           "the endpoint_url names no host, or more than a host and a path",
                           "write \"endpoint_url\": \"https://server:9000\""});
  }
}

std::optional<std::string> of_profile(const std::string& profile, const char* setting) {
  const Profile settings = read_profile(profile);
  const auto found = settings.find(setting);
  return found == settings.end() ? std::nullopt : std::optional(found->second);
}

template <typename... Lookups>
std::optional<std::string> first_of(const Lookups&... lookups) {
  std::optional<std::string> found;
  ((found = found ? found : lookups()), ...);
  return found;
}

// path, virtual, or auto: virtual for Amazon, path elsewhere.
bool wants_bucket_in_host(const S3Config& config, const Json& arguments) {
  auto style = text_argument(arguments, "addressing_style");
  const Json* s3 = find_argument(arguments, "s3");
  if (!style && s3 != nullptr) style = text_argument(*s3, "addressing_style");
  if (style && *style != "path" && *style != "virtual" && *style != "auto") {
    throw ValidationError({kOpening, config.url(""),
                           "expected addressing_style path, virtual or "
                           "auto, found '" +
                               *style + "'",
                           "leave it out: auto fits nearly always"});
  }
  if (style == "path") return false;
  return style == "virtual" || (config.is_amazon && fits_host(config.bucket));
}

void set_amazon(S3Config& config, const Json& arguments) {
  const std::string profile = text_argument(arguments, "profile").value_or(chosen_profile());
  const auto endpoint = first_of([&] { return text_argument(arguments, "endpoint_url"); },
                                 [] { return base::environment("AWS_ENDPOINT_URL_S3"); },
                                 [] { return base::environment("AWS_ENDPOINT_URL"); },
                                 [&] { return of_profile(profile, "endpoint_url"); });
  const auto region = first_of([&] { return text_argument(arguments, "region_name"); },
                               [&] { return text_argument(arguments, "region"); },
                               [] { return base::environment("AWS_REGION"); },
                               [] { return base::environment("AWS_DEFAULT_REGION"); },
                               [&] { return of_profile(profile, "region"); });
  config.region = region.value_or("");
  if (endpoint) return set_endpoint(config, *endpoint);
  config.is_amazon = true;
  config.scheme = flag_argument(arguments, "use_ssl", true) ? "https" : "http";
  config.host = amazon_host(config.region.empty() ? "us-east-1" : config.region);
}

}  // namespace

std::string amazon_host(const std::string& region) {
  return "s3." + region + (region.starts_with("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com");
}

std::string S3Config::url(std::string_view key) const {
  return std::string(google() ? "gs://" : "s3://") + join(join(bucket, prefix), key);
}

S3Config s3_config(std::string_view place, const Json& arguments, S3Dialect dialect) {
  S3Config config;
  config.dialect = dialect == S3Dialect::google ? &kGoogle : &kAmazon;
  const std::size_t slash = std::min(place.find('/'), place.size());
  config.bucket = place.substr(0, slash);
  std::string_view prefix = place.substr(slash);
  while (prefix.starts_with('/')) prefix.remove_prefix(1);
  while (prefix.ends_with('/')) prefix.remove_suffix(1);
  if (!is_bucket_name(config.bucket)) {
    throw ValidationError({kOpening, without_secrets("s3://" + std::string(place)),
                           "the URL names no bucket",
                           "write 's3://bucket/path/of/project'; a key and a secret belong into "
                           "fs_args"});
  }
  check_prefix(prefix, kOpening);
  config.prefix = prefix;
  config.arguments = arguments;
  if (config.google()) {
    config.region = "auto";
    set_endpoint(
        config,
        text_argument(arguments, "endpoint_url").value_or("https://storage.googleapis.com"));
  } else {
    set_amazon(config, arguments);
  }
  config.bucket_in_host = wants_bucket_in_host(config, arguments);
  config.connection = connection_of(arguments, config.scheme + "://" + config.host);
  config.forbidden_is_absent = flag_argument(arguments, "forbidden_is_absent", false);
  config.sends_checksums =
      text_argument(arguments, "request_checksum_calculation") == "when_supported";
  config.requester_pays = flag_argument(arguments, "requester_pays", false);
  if (const Json* extra = find_argument(arguments, "s3_additional_kwargs")) {
    for (const auto& [argument, name] :
         {std::pair("ServerSideEncryption", "server-side-encryption"),
          std::pair("SSEKMSKeyId", "server-side-encryption-aws-kms-key-id"),
          std::pair("StorageClass", "storage-class"), std::pair("ACL", "acl")}) {
      if (const auto value = text_argument(*extra, argument))
        config.write_headers.add(std::string(config.dialect->header_prefix) + name, *value);
    }
  }
  return config;
}

}  // namespace copick::store::remote
