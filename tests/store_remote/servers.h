// The servers of this test program, each started when it is first asked for, and stores on them.
#pragma once

#include "support/server.h"

#include <copick/json.h>
#include <copick/store.h>

#include <atomic>
#include <string>

namespace copick::test {

const Server& nginx();
const Server& versitygw();
const Server& moto();
const Server& samba();

// A name that no test has had before.
inline std::string fresh_name() {
  static std::atomic<int> count{0};
  return "t" + std::to_string(++count);
}

// fs_args for a server; `more` are further members.
inline std::string s3_arguments(const Server& server, const std::string& url, Json more = {}) {
  Json arguments =
      Json::object({{"key", Json::string(server["KEY"])},
                    {"secret", Json::string(server["SECRET"])},
                    {"endpoint_url", Json::string(url)},
                    {"client_kwargs", Json::object({{"region_name", Json::string("us-east-1")}})}});
  if (more.is_object())
    for (auto& [name, value] : more.members()) arguments[name] = value;
  return arguments.dump();
}

inline StorePtr s3_store(const Server& server, const std::string& prefix = fresh_name()) {
  return open_store("s3://" + server["BUCKET"] + "/" + prefix, s3_arguments(server, server["URL"]));
}

// fs_args of the share "data", or "reading", which cannot be written.
inline std::string smb_arguments(const Server& server) {
  Json arguments = Json::object();
  for (const auto& [name, fact] :
       {std::pair{"port", "PORT"}, {"username", "USER"}, {"password", "PASSWORD"}}) {
    arguments[name] = Json::string(server[fact]);
  }
  return arguments.dump();
}
inline StorePtr smb_store(const Server& server, const std::string& folder = fresh_name(),
                          const std::string& share = "data") {
  return open_store("smb://" + server["HOST"] + "/" + share + "/" + folder, smb_arguments(server));
}

// Reads through `reader` what it writes into a folder that the reader's server shows.
StorePtr written_behind(StorePtr folder, StorePtr reader);

}  // namespace copick::test
