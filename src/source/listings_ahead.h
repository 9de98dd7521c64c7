// ListingsAhead: listings that were made before they are asked for, many at once.
//
//   const auto made = ahead.make(*store, {"TS_1", "TS_2"});
//   ahead.take("TS_1");   // its entries, once; nullopt afterwards, and when `made` is gone
//
// Threads: every member from any thread; what make() gave must not outlive this object.
#pragma once

#include <copick/store.h>

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace copick::source {

class ListingsAhead {
 public:
  std::shared_ptr<void> make(Store& store, std::vector<std::string> folders);
  std::optional<std::vector<Entry>> take(const std::string& folder);

 private:
  std::mutex mutex_;
  std::map<std::string, std::vector<Entry>> made_;  // guarded by mutex_
};

}  // namespace copick::source
