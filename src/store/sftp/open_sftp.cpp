// From a URL and arguments to an SftpStore.
//
//   url  := ("ssh" | "sftp") "://" authority [ path ]
//   path := "/" ...      "/~/x" and "/./x" begin where logins begin
#include "store/authority.h"
#include "store/sftp.h"
#include "store/sftp/sftp_store.h"

#include "base/logging.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace copick::store {

namespace {

using sftp::Login;

[[noreturn]] void refuse(const std::string& where, std::string why, std::string hint) {
  throw ValidationError({"open a store", where, std::move(why), std::move(hint)});
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
  Authority authority;
  const std::string path = take_authority(url, where, authority);
  Login login;
  login.host = std::move(authority.host);
  login.port = authority.port;
  login.user = std::move(authority.user);
  login.password = std::move(authority.password);
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
  sftp::Door door{login.url(), [login] { return sftp::open_channel(login); }};
  return std::make_shared<sftp::SftpStore>(std::move(door), root_of(path));
}

}  // namespace copick::store
