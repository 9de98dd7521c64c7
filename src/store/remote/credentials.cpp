#include "store/remote/credentials.h"

#include "base/environment.h"
#include "store/remote/arguments.h"
#include "store/remote/exchange.h"
#include "store/remote/key_listing.h"
#include "store/remote/profile_file.h"

#include <copick/error.h>

#include <ctime>
#include <fstream>
#include <iterator>

namespace copick::store::remote {

namespace {

constexpr std::int64_t kRenewBefore = 300;  // seconds
constexpr std::uint64_t kLargestAnswer = 64 << 10;

constexpr const char* kDoing = "find credentials";

std::string member(const Json& object, const char* name) {
  const Json* found = object.find(name);
  return found != nullptr && found->is_string() ? found->as_string() : std::string();
}

// What container and instance roles answer; nullopt: no credentials.
std::optional<Credentials> parse_role(const HttpResponse& response, const std::string& where) {
  if (!response.ok()) return std::nullopt;
  const Json role = Json::parse(response.body.text(), where);
  Credentials found{member(role, "AccessKeyId"), member(role, "SecretAccessKey"),
                    member(role, "Token"), parse_iso_time(member(role, "Expiration"))};
  if (found.key.empty() || found.secret.empty()) return std::nullopt;
  return found;
}

HttpRequest role_request(const std::string& url) {
  Connection connection;
  connection.connect_timeout = std::chrono::milliseconds(1000);
  connection.stall_timeout = std::chrono::seconds(2);
  connection.attempts = 1;
  HttpRequest request;
  request.url = url;
  request.connection = std::make_shared<const Connection>(connection);
  request.size_limit = kLargestAnswer;
  return request;
}

std::optional<Credentials> of_environment() {
  const auto key = base::environment("AWS_ACCESS_KEY_ID");
  const auto secret = base::environment("AWS_SECRET_ACCESS_KEY");
  if (!key || !secret) return std::nullopt;
  return Credentials{*key, *secret, base::environment("AWS_SESSION_TOKEN").value_or("")};
}

std::optional<Credentials> of_profile(const std::string& name, bool asked_for) {
  const Profile profile = read_profile(name);
  const auto value = [&](const char* setting) {
    const auto found = profile.find(setting);
    return found == profile.end() ? std::string() : found->second;
  };
  Credentials found{value("aws_access_key_id"), value("aws_secret_access_key"),
                    value("aws_session_token")};
  if (!found.key.empty() && !found.secret.empty()) return found;
  if (!asked_for && profile.empty()) return std::nullopt;
  for (const char* kind : {"sso_session", "sso_start_url", "role_arn", "credential_process"}) {
    if (profile.contains(kind)) {
      throw PermissionError(
          {kDoing, "profile '" + name + "'",
           std::string("it is of a kind that is not read (") + kind + ")",
           "let the aws tool do it: eval \"$(aws configure export-credentials --format env)\""});
    }
  }
  if (!asked_for) return std::nullopt;
  throw PermissionError({kDoing, "profile '" + name + "'",
                         "there is no such profile with a key and a secret",
                         "see ~/.aws/credentials, or give 'key' and 'secret' in fs_args"});
}

std::optional<Credentials> of_container() {
  std::string url;
  if (const auto relative = base::environment("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")) {
    url = "http://169.254.170.2" + *relative;
  } else if (const auto full = base::environment("AWS_CONTAINER_CREDENTIALS_FULL_URI")) {
    url = *full;
  } else {
    return std::nullopt;
  }
  HttpRequest request = role_request(url);
  if (const auto token = base::environment("AWS_CONTAINER_AUTHORIZATION_TOKEN")) {
    request.headers.add("authorization", *token);
  } else if (const auto path = base::environment("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")) {
    std::ifstream file(*path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    while (!text.empty() && static_cast<unsigned char>(text.back()) <= 0x20) text.pop_back();
    request.headers.add("authorization", text);
  }
  return parse_role(exchange(std::move(request)), "the container's credentials");
}

// Version 2 of the metadata service: a token first, which the other requests show.
std::optional<Credentials> of_instance() {
  if (base::environment("AWS_EC2_METADATA_DISABLED").value_or("") == "true") return std::nullopt;
  std::string service =
      base::environment("AWS_EC2_METADATA_SERVICE_ENDPOINT").value_or("http://169.254.169.254");
  while (service.ends_with('/')) service.pop_back();
  HttpRequest request = role_request(service + "/latest/api/token");
  request.method = "PUT";
  request.headers.add("x-aws-ec2-metadata-token-ttl-seconds", "21600");
  const HttpResponse token = exchange(std::move(request));
  if (!token.ok()) return std::nullopt;
  const auto ask = [&](const std::string& path) {
    HttpRequest next = role_request(service + path);
    next.headers.add("x-aws-ec2-metadata-token", token.body.text());
    return exchange(std::move(next));
  };
  const std::string roles = "/latest/meta-data/iam/security-credentials/";
  const HttpResponse role = ask(roles);
  if (!role.ok()) return std::nullopt;
  const std::string_view names = role.body.text();
  return parse_role(ask(roles + std::string(names.substr(0, names.find('\n')))),
                    "the instance's credentials");
}

}  // namespace

CredentialSource::CredentialSource(const Json& arguments, std::string where)
    : where_(std::move(where)), anonymous_(flag_argument(arguments, "anon", false)) {
  const auto either = [&](const char* name, const char* alias, const char* nested) {
    const auto a = text_argument(arguments, name), b = text_argument(arguments, alias);
    if (a && b) {
      throw ValidationError({"open a store", where_,
                             std::string("fs_args has both '") + name + "' and '" + alias + "'",
                             "give one of them: they mean the same"});
    }
    return a ? a : b ? b : text_argument(arguments, nested);
  };
  const auto key = either("key", "username", "aws_access_key_id");
  const auto secret = either("secret", "password", "aws_secret_access_key");
  auto token = text_argument(arguments, "token");
  if (!token) token = text_argument(arguments, "aws_session_token");
  if (!key && token == "anon") anonymous_ = true;  // as gcsfs spells it
  if (key.has_value() != secret.has_value()) {
    throw ValidationError({"open a store", where_,
                           std::string("fs_args has a '") + (key ? "key" : "secret") +
                               "' without its '" + (key ? "secret'" : "key'"),
                           "give both, or neither"});
  }
  if (key) given_ = Credentials{*key, *secret, token.value_or("")};
  profile_ = text_argument(arguments, "profile").value_or("");
}

std::optional<Credentials> CredentialSource::find(bool amazon) const {
  if (anonymous_) return Credentials{};
  if (given_) return given_;
  if (!amazon) return std::nullopt;
  if (!profile_.empty()) return of_profile(profile_, true);
  if (auto found = of_environment()) return found;
  if (auto found = of_profile(chosen_profile(), base::environment("AWS_PROFILE").has_value()))
    return found;
  if (auto found = of_container()) return found;
  return of_instance();
}

Credentials CredentialSource::current(bool amazon) {
  const std::lock_guard lock(mutex_);
  const std::int64_t now = std::time(nullptr);
  if (found_ && (found_->expires == 0 || now < found_->expires - kRenewBefore)) return *found_;
  found_ = find(amazon);
  if (found_) return *found_;
  throw PermissionError({kDoing, where_, "there are no credentials for it",
                         "give 'key' and 'secret' or a 'profile' in fs_args; for public data "
                         "\"anon\": true"});
}

}  // namespace copick::store::remote
