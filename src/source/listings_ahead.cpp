#include "source/listings_ahead.h"

#include <utility>

namespace copick::source {

std::shared_ptr<void> ListingsAhead::make(Store& store, std::vector<std::string> folders) {
  {
    const std::lock_guard lock(made_->mutex);
    std::erase_if(folders, [&](const std::string& folder) {
      const auto found = made_->listings.find(folder);
      return found != made_->listings.end() && found->second.until != Clock::time_point::max() &&
             Clock::now() < found->second.until;
    });
  }
  if (folders.empty()) return nullptr;
  const auto kept = forgotten_with_it(std::move(folders));
  store.list_many(*kept, [&](std::size_t i, std::vector<Entry> entries) {
    const std::lock_guard lock(made_->mutex);
    made_->listings.insert_or_assign((*kept)[i],
                                     Listing{std::move(entries), Clock::time_point::max()});
  });
  return kept;
}

std::shared_ptr<void> ListingsAhead::keep(Listings listings,
                                          std::chrono::milliseconds for_so_long) {
  std::vector<std::string> folders;
  for (const auto& [folder, entries] : listings) folders.push_back(folder);
  const auto kept = forgotten_with_it(std::move(folders));
  const Clock::time_point until = Clock::now() + for_so_long;
  const std::lock_guard lock(made_->mutex);
  for (auto& [folder, entries] : listings)
    made_->listings.insert_or_assign(folder, Listing{std::move(entries), until});
  return kept;
}

std::optional<std::vector<Entry>> ListingsAhead::take(const std::string& folder) {
  const std::lock_guard lock(made_->mutex);
  const auto found = made_->listings.find(folder);
  if (found == made_->listings.end()) return std::nullopt;
  Listing listing = std::move(found->second);
  made_->listings.erase(found);
  if (Clock::now() >= listing.until) return std::nullopt;
  return std::move(listing.entries);
}

// When the last who holds them lets go, the listings of these folders are forgotten.
std::shared_ptr<std::vector<std::string>> ListingsAhead::forgotten_with_it(
    std::vector<std::string> folders) {
  const auto forget = [made = made_](std::vector<std::string>* kept) {
    const std::lock_guard lock(made->mutex);
    for (const std::string& folder : *kept) made->listings.erase(folder);
    delete kept;
  };
  return {new std::vector<std::string>(std::move(folders)), forget};
}

}  // namespace copick::source
