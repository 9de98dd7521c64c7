// BlockReader: large Blosc chunks in runs of the blocks that are wanted, never as a whole; also
// those inside shards.
//
//   1. The heads of all chunks are fetched in one call: header and table of blocks. A chunk that is
//      no longer than that is decoded at once.
//   2. The blocks wanted are fetched in runs, together with the table once more. Each run is
//      decoded where it arrives, while it is in the cache, by whatever thread brings it: so the
//      threads share one chunk, too, and none of it waits in memory for the rest.
//   3. Parts of one value that one call asks for are of one version of it (store.h): a table that
//      is as it was has told where the blocks are, and a shard's index, fetched along as well, where
//      the table is. All other chunks are left to be read whole: those replaced in between, those
//      that do not decode, and those that are not made of blocks; all of them when an index is not
//      as it was.
// Threads: one caller. Errors: as Array::read.
#pragma once

#include "zarr/array_state.h"

#include <atomic>
#include <list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace copick::zarr {

// Where in a shard a chunk lies, and the index that says so; it may be out of date.
struct PlaceInShard {
  ShardEntry entry;
  std::shared_ptr<const ShardIndex> index;
};

// A chunk and what is wanted of it.
struct WantedChunk {
  std::string key;
  std::vector<Copy> copies;
  std::optional<PlaceInShard> place{};  // nullopt: the value is the chunk
  std::size_t number = 0;               // for who gets it back
};

class BlockReader {
 public:
  BlockReader(ArrayState& array, BufferPool& buffers) : array_(array), buffers_(buffers) {}

  // Chunks of this format are worth the second round trip.
  static bool pays(const ChunkFormat& format);
  // The same of one in a shard, whose length is known.
  static bool pays(const ChunkFormat& format, const ShardEntry& entry,
                   std::span<const Copy> copies);

  void add(WantedChunk wanted) { chunks_.emplace_back().wanted = std::move(wanted); }
  std::size_t size() const { return chunks_.size(); }
  // Reads what was added, those of one shard next to each other. Gives back the chunks that are to
  // be read otherwise.
  std::vector<WantedChunk> read();

 private:
  struct Chunk {
    WantedChunk wanted;
    Bytes head;
    std::optional<BloscChunk> blosc;
    std::atomic<bool> is_read{false};
  };
  // Blocks that are stored next to each other; none: the table of the chunk.
  struct Run {
    Chunk* chunk;
    Span stored;
    std::vector<std::size_t> blocks;
  };

  void fetch_heads();
  void take_head(Chunk& chunk, std::optional<Bytes> head);
  std::vector<Run> runs_of(Chunk& chunk) const;
  void fetch_runs(std::span<const Run> runs);
  bool decode(const Run& run, ByteView bytes);
  static Request request_of(const WantedChunk& chunk, Span stored);

  ArrayState& array_;
  BufferPool& buffers_;
  std::list<Chunk> chunks_;
  std::atomic<bool> is_stale_{false};  // an index is not as it was
};

}  // namespace copick::zarr
