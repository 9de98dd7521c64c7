// From a URL and arguments to an SftpStore.
//
//   url  := ("ssh" | "sftp") "://" [ user [ ":" password ] "@" ] [ host ] [ ":" port ] [ path ]
//   path := "/" ...      "/~/x" and "/./x" begin where logins begin
#include "store/percent.h"
#include "store/sftp.h"
#include "store/sftp/sftp_store.h"

#include "base/logging.h"

#include <charconv>
#include <optional>
#include <utility>

namespace copick::store {

namespace {

using sftp::Login;

[[noreturn]] void refuse(const std::string& where, std::string why, std::string hint) {
  throw ValidationError({"open a store", where, std::move(why), std::move(hint)});
}

std::string decode(std::string_view text, const std::string& where) {
  std::optional<std::string> decoded = percent_decode(text);
  if (!decoded)
    refuse(where, "its user or password has a '%' without two hex digits", "write '%' as %25");
  return std::move(*decoded);
}

std::uint16_t port_of(std::string_view text, const std::string& where) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) {
    refuse(where, std::string("'").append(text).append("' is no port"),
           "a port is a number from 1 to 65535");
  }
  return port;
}

// Host, port, user and password of the URL; returns its path.
std::string take_url(const StoreUrl& url, const std::string& where, Login& login) {
  const std::size_t slash = std::min(url.rest.find('/'), url.rest.size());
  std::string_view authority = std::string_view(url.rest).substr(0, slash);
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
    const std::string_view who = authority.substr(0, at);
    const std::size_t colon = who.find(':');
    login.user = decode(who.substr(0, colon), where);
    if (colon != std::string_view::npos) login.password = decode(who.substr(colon + 1), where);
    authority.remove_prefix(at + 1);
  }
  const std::size_t colon = authority.rfind(':');
  if (colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos) {
    login.port = port_of(authority.substr(colon + 1), where);
    authority = authority.substr(0, colon);
  }
  if (authority.starts_with('[') && authority.ends_with(']')) {  // an IPv6 address
    authority = authority.substr(1, authority.size() - 2);
  }
  login.host = authority;
  return url.rest.substr(slash);
}

// Texts of one argument that may be one or a list of them. Its value may be a secret.
std::vector<std::string> texts_of(const Json& value, const std::string& name,
                                  const std::string& where) {
  if (value.is_null()) return {};
  if (value.is_string()) return {value.as_string()};
  if (value.is_array()) {
    std::vector<std::string> texts;
    for (const Json& one : value.elements()) {
      if (!one.is_string()) refuse(where, "the argument " + name + " is no list of texts", "");
      texts.push_back(one.as_string());
    }
    return texts;
  }
  refuse(where, "the argument " + name + " is no text", "put it into quotes");
}

void take_argument(const std::string& name, const Json& value, const std::string& where,
                   Login& login) {
  const auto text = [&] {
    const std::vector<std::string> texts = texts_of(value, name, where);
    return texts.empty() ? std::string() : texts[0];
  };
  if (name == "host" || name == "hostname") {
    login.host = text();
  } else if (name == "port") {
    if (value.is_null()) return;
    login.port = port_of(value.is_number() ? value.number_text() : text(), where);
  } else if (name == "username" || name == "user") {
    login.user = text();
  } else if (name == "password") {
    if (!value.is_null()) login.password = text();
  } else if (name == "client_keys" || name == "key_filename") {
    login.key_files = texts_of(value, name, where);
  } else if (name == "passphrase") {
    login.passphrase = text();
  } else if (name == "known_hosts") {
    login.check_host = !value.is_null();
    login.known_hosts_file = text();
  } else if (name == "config") {
    login.use_config = !value.is_null();
    login.config_file = text();
  } else if (name == "agent_path" || name == "allow_agent") {
    login.use_agent = !value.is_null() && !(value.is_bool() && !value.as_bool());
  } else if (name == "connect_timeout" || name == "timeout") {
    if (value.is_number()) {
      login.connect_seconds = static_cast<int>(std::clamp(value.as_double(), 1.0, 3600.0));
    }
  }
}

std::string root_of(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  for (const std::string_view home : {"/~", "/."}) {
    if (path == home) return ".";
    if (path.starts_with(std::string(home) + "/")) return path.substr(3);
  }
  return path;
}

}  // namespace

StorePtr open_sftp(const StoreUrl& url, const Json& arguments) {
  const std::string where = without_secrets(url.scheme + "://" + url.rest);
  Login login;
  const std::string path = take_url(url, where, login);
  for (const auto& [name, value] : arguments.members()) take_argument(name, value, where, login);
  if (login.host.empty()) {
    refuse(where, "it names no host", "write 'ssh://host/folder', or give the argument host");
  }
  if (login.host.starts_with('-') || login.user.starts_with('-')) {
    refuse(where, "a host or user must not begin with '-'", "");  // it would be an option of ssh
  }
  if (path.empty()) {
    refuse(where, "it names no folder", "write 'ssh://host/data/project', or '/~/project'");
  }
  if (!login.check_host) {
    base::warn("the host key is not checked (known_hosts is null): " + where);
  }
  return std::make_shared<sftp::SftpStore>(std::move(login), root_of(path));
}

}  // namespace copick::store
