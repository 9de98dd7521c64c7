// VersionGuard: all parts of one value that one fetch reads are of one version of it.
//
// The parts travel at the same time; each tells its version (ETag). The first to come decides, and
// a part of another version is an error: what was handed over cannot be taken back.
// Threads: check() from several at once.
#pragma once

#include <copick/error.h>
#include <copick/store.h>

#include <map>
#include <mutex>
#include <string>

namespace copick::store::remote {

class VersionGuard {
 public:
  explicit VersionGuard(std::span<const Request> requests) {
    std::map<std::string_view, int> times;
    for (const Request& request : requests) ++times[request.key];
    for (const auto& [key, count] : times)
      if (count > 1) versions_.emplace(key, std::nullopt);
  }

  // `version`: "" where the server does not tell, and for a key that is absent.
  void check(const std::string& key, bool present, const std::string& version,
             const std::string& where) {
    const auto found = versions_.find(key);
    if (found == versions_.end()) return;
    const std::string seen = present ? "present " + version : "absent";
    const std::lock_guard lock(mutex_);
    if (!found->second) found->second = seen;
    if (*found->second == seen) return;
    throw StorageError({"read parts of values", where,
                        "the value was replaced while its parts were read",
                        "read it again; see who else writes here"});
  }

 private:
  std::mutex mutex_;
  std::map<std::string_view, std::optional<std::string>> versions_;
};

}  // namespace copick::store::remote
