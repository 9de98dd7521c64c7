// ChunkCache: chunks (inner chunks of shards) that were decoded, for who reads close by next: random
// crops, a slider through planes. One for the process, empty and off until set_chunk_cache().
//
// What is kept counts only while the stored chunk or shard has the version that it was read from;
// each use asks the store for it, which is a look-up and no transfer.
// Threads: any. Errors: none.
#pragma once

#include <copick/array.h>

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace copick::zarr {

using DecodedChunk = std::shared_ptr<const AnyArray>;

class ChunkCache {
 public:
  // The array (ArrayState::id) and the position in its grid of chunks, or inner chunks.
  using Name = std::pair<std::uint64_t, Shape>;

  static ChunkCache& of_process();

  // null: not there, or of another version.
  DecodedChunk find(const Name& name, const std::string& version);
  // The chunks used longest ago make room; one that is larger than all of it is not kept.
  void keep(const Name& name, std::string version, DecodedChunk chunk);

 private:
  struct Entry {
    Name name;
    std::string version;
    DecodedChunk chunk;
  };
  void erase(std::list<Entry>::iterator entry);

  std::mutex mutex_;          // guards what follows
  std::list<Entry> entries_;  // used last first
  std::map<Name, std::list<Entry>::iterator> by_name_;
  std::size_t size_ = 0;  // bytes
};

}  // namespace copick::zarr
