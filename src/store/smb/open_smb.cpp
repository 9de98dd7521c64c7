// From a URL and arguments to a store on an SMB share.
//
//   url := "smb://" authority "/" share [ "/" path ]
//   user of the authority or in the argument username := [ workgroup ( ";" | "\" ) ] name
#include "store/authority.h"
#include "store/key.h"
#include "store/sftp/sftp_store.h"
#include "store/smb.h"
#include "store/smb/channel.h"

#include <algorithm>
#include <utility>

namespace copick::store {

namespace {

using smb::Login;

constexpr double kLongestTimeout = 3600;

[[noreturn]] void refuse(const std::string& where, std::string why, std::string hint) {
  throw ValidationError({"open a store", where, std::move(why), std::move(hint)});
}

void take_argument(const std::string& name, const Json& value, const std::string& where,
                   Login& login) {
  if (value.is_null()) return;
  const auto text = [&] {
    if (!value.is_string())
      refuse(where, "the argument " + name + " is no text", "put it in quotes");
    return value.as_string();
  };
  if (name == "host") {
    login.host = text();
  } else if (name == "port") {
    login.port = port_of(value.is_number() ? value.number_text() : text(), where);
  } else if (name == "username" || name == "user") {
    login.user = text();
  } else if (name == "password") {
    login.password = text();
  } else if (name == "workgroup") {
    login.workgroup = text();
  } else if (name == "timeout" && value.is_number()) {
    login.timeout_seconds =
        static_cast<std::uint32_t>(std::clamp(value.as_double(), 1.0, kLongestTimeout));
  } else if (name == "encrypt") {
    login.encrypted = value.is_bool() && value.as_bool();
  }
}

void split_user(Login& login) {
  const std::size_t end = login.user.find_first_of(";\\");
  if (end == std::string::npos) return;
  login.workgroup = login.user.substr(0, end);
  login.user.erase(0, end + 1);
}

}  // namespace

StorePtr open_smb(const StoreUrl& url, const Json& arguments) {
  const std::string where = without_secrets(url.scheme + "://" + url.rest);
  Authority authority;
  std::string path = take_authority(url, where, authority);
  Login login;
  login.host = std::move(authority.host);
  login.port = authority.port;
  login.user = std::move(authority.user);
  login.password = std::move(authority.password).value_or("");
  for (const auto& [name, value] : arguments.members()) take_argument(name, value, where, login);
  split_user(login);
  if (login.host.empty()) {
    refuse(where, "it names no host", "write 'smb://host/share/folder', or give the argument host");
  }
  path.erase(0, path.find_first_not_of('/'));
  while (path.ends_with('/')) path.pop_back();
  const std::size_t slash = std::min(path.find('/'), path.size());
  login.share = path.substr(0, slash);
  path.erase(0, slash);
  if (login.share.empty()) {
    refuse(where, "it names no share", "write 'smb://host/share/folder'");
  }
  sftp::Door door{login.url(), [login] { return smb::open_channel(login); }};
  return std::make_shared<sftp::SftpStore>(std::move(door), path.empty() ? "/" : path);
}

}  // namespace copick::store
