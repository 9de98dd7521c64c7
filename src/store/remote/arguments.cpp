#include "store/remote/arguments.h"

#include "base/environment.h"

#include <copick/error.h>

#include <cmath>

namespace copick::store::remote {

namespace {

constexpr double kLongestWait = 86400;  // seconds

[[noreturn]] void throw_kind(std::string_view name, const std::string& expected) {
  throw ValidationError({"open a store", "",
                         "its argument '" + std::string(name) + "' is not " + expected,
                         "correct the fs_args of the config"});
}

// The proxy for `scheme` that the environment names, as other programs read it: HTTP_PROXY in
// capitals is left out, since a web server may set it from a request.
std::string proxy_of_environment(std::string_view scheme) {
  for (const char* name : {"https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy", "ALL_PROXY"}) {
    const std::string_view spelling = name;
    const bool other_scheme = (spelling[0] == 'h' || spelling[0] == 'H') &&
                              (spelling[4] == 's' || spelling[4] == 'S') != (scheme == "https");
    if (other_scheme) continue;
    if (auto proxy = base::environment(spelling)) return *proxy;
  }
  return {};
}

}  // namespace

const Json* find_argument(const Json& arguments, std::string_view name) {
  const Json* found = arguments.find(name);
  for (const char* nested : {"client_kwargs", "config_kwargs"}) {
    const Json* below = arguments.find(nested);
    if ((found == nullptr || found->is_null()) && below != nullptr) found = below->find(name);
  }
  return found != nullptr && found->is_null() ? nullptr : found;
}

std::optional<std::string> text_argument(const Json& arguments, std::string_view name) {
  const Json* found = find_argument(arguments, name);
  if (found == nullptr) return std::nullopt;
  if (!found->is_string()) throw_kind(name, "a text");
  std::string text = found->as_string();
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20) throw_kind(name, "a text of one line");
  return text;
}

bool flag_argument(const Json& arguments, std::string_view name, bool otherwise) {
  const Json* found = find_argument(arguments, name);
  if (found == nullptr) return otherwise;
  if (!found->is_bool()) throw_kind(name, "true or false");
  return found->as_bool();
}

std::optional<double> number_argument(const Json& arguments, std::string_view name) {
  const Json* found = find_argument(arguments, name);
  if (found == nullptr) return std::nullopt;
  const double value = found->is_number() ? found->as_double() : 0;
  if (!(value > 0) || value > kLongestWait) throw_kind(name, "a positive number");
  return value;
}

std::shared_ptr<const Connection> connection_of(const Json& arguments, std::string_view url) {
  auto connection = std::make_shared<Connection>();
  if (const auto seconds = number_argument(arguments, "connect_timeout"))
    connection->connect_timeout =
        std::chrono::milliseconds(static_cast<std::int64_t>(std::ceil(*seconds * 1000)));
  if (const auto seconds = number_argument(arguments, "read_timeout"))
    connection->stall_timeout =
        std::chrono::seconds(static_cast<std::int64_t>(std::ceil(*seconds)));
  if (const auto attempts = number_argument(arguments, "max_attempts"))
    connection->attempts = static_cast<int>(std::ceil(*attempts));
  if (const Json* verify = find_argument(arguments, "verify"); verify && verify->is_string()) {
    connection->ca_file = verify->as_string();
  } else {
    connection->verify = flag_argument(arguments, "verify", true);
  }
  if (const auto proxy = text_argument(arguments, "proxy")) {
    connection->proxy = *proxy;
  } else {
    connection->proxy = proxy_of_environment(url.substr(0, url.find(':')));
    for (const char* name : {"no_proxy", "NO_PROXY"}) {
      const auto hosts = base::environment(name);
      if (hosts && connection->no_proxy.empty()) connection->no_proxy = *hosts;
    }
  }
  return connection;
}

}  // namespace copick::store::remote
