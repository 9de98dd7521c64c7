// ListingsAhead: listings that were made before they are asked for, many at once.
//
//   const auto made = ahead.make(*store, {"TS_1", "TS_2"});
//   ahead.take("TS_1");   // its entries, once; nullopt afterwards, and when `made` is gone
//
// Listings that came along with others are kept for a while: who asks later than that wants to know
// what is there by then. Threads: every member from any thread.
#pragma once

#include <copick/store.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace copick::source {

class ListingsAhead {
 public:
  using Listings = std::map<std::string, std::vector<Entry>, std::less<>>;

  // Leaves out what is kept.
  std::shared_ptr<void> make(Store& store, std::vector<std::string> folders);
  std::shared_ptr<void> keep(Listings listings, std::chrono::milliseconds for_so_long);
  std::optional<std::vector<Entry>> take(const std::string& folder);

 private:
  using Clock = std::chrono::steady_clock;
  struct Listing {
    std::vector<Entry> entries;
    Clock::time_point until;
  };
  struct Made {
    std::mutex mutex;
    std::map<std::string, Listing> listings;  // guarded by mutex
  };

  std::shared_ptr<std::vector<std::string>> forgotten_with_it(std::vector<std::string> folders);

  // What make() and keep() gave may be the last to go.
  const std::shared_ptr<Made> made_ = std::make_shared<Made>();
};

}  // namespace copick::source
