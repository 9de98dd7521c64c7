#include "zarr/chunk_cache.h"

#include "base/limits.h"

#include <iterator>

namespace copick::zarr {

ChunkCache& ChunkCache::of_process() {
  static ChunkCache cache;
  return cache;
}

DecodedChunk ChunkCache::find(const Name& name, const std::string& version) {
  const std::lock_guard lock(mutex_);
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return nullptr;
  if (found->second->version != version) {
    erase(found->second);
    return nullptr;
  }
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->chunk;
}

void ChunkCache::keep(const Name& name, std::string version, DecodedChunk chunk) {
  const std::size_t capacity = base::chunk_cache_size();
  const std::lock_guard lock(mutex_);
  if (const auto old = by_name_.find(name); old != by_name_.end()) erase(old->second);
  const std::size_t size = chunk->bytes().size();
  while (!entries_.empty() && size_ + size > capacity) erase(std::prev(entries_.end()));
  if (size > capacity) return;
  entries_.push_front({name, std::move(version), std::move(chunk)});
  by_name_[name] = entries_.begin();
  size_ += size;
}

void ChunkCache::erase(std::list<Entry>::iterator entry) {
  size_ -= entry->chunk->bytes().size();
  by_name_.erase(entry->name);
  entries_.erase(entry);
}

}  // namespace copick::zarr
