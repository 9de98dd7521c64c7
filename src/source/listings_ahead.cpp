#include "source/listings_ahead.h"

namespace copick::source {

std::shared_ptr<void> ListingsAhead::make(Store& store, std::vector<std::string> folders) {
  if (folders.empty()) return nullptr;
  const auto forget = [this](std::vector<std::string>* kept) {
    const std::lock_guard lock(mutex_);
    for (const std::string& folder : *kept) made_.erase(folder);
    delete kept;
  };
  const std::shared_ptr<std::vector<std::string>> kept(
      new std::vector<std::string>(std::move(folders)), forget);
  store.list_many(*kept, [&](std::size_t i, std::vector<Entry> entries) {
    const std::lock_guard lock(mutex_);
    made_.insert_or_assign((*kept)[i], std::move(entries));
  });
  return kept;
}

std::optional<std::vector<Entry>> ListingsAhead::take(const std::string& folder) {
  const std::lock_guard lock(mutex_);
  const auto found = made_.find(folder);
  if (found == made_.end()) return std::nullopt;
  std::vector<Entry> entries = std::move(found->second);
  made_.erase(found);
  return entries;
}

}  // namespace copick::source
