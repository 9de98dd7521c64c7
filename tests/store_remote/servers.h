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

// Reads through `reader` what it writes into a folder that the reader's server shows.
StorePtr written_behind(StorePtr folder, StorePtr reader);

}  // namespace copick::test
