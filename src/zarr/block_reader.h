// BlockReader: large Blosc chunks in runs of the blocks that are wanted, never as a whole.
//
//   1. The heads of all chunks are fetched in one call: header and table of blocks. A chunk that is
//      no longer than that is decoded at once.
//   2. The blocks wanted are fetched in runs, together with the table once more. Each run is
//      decoded where it arrives, while it is in the cache, by whatever thread brings it: so the
//      threads share one chunk, too, and none of it waits in memory for the rest.
//   3. Parts of one value that one call asks for are of one version of it (store.h): a table that
//      is as it was has told where the blocks are. All other chunks are left to be read whole:
//      those replaced in between, those that do not decode, and those that are not made of blocks.
// Threads: one caller. Errors: as Array::read.
#pragma once

#include "zarr/array_state.h"

#include <atomic>
#include <list>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace copick::zarr {

// A chunk and what is wanted of it.
struct WantedChunk {
  std::string key;
  std::vector<Copy> copies;
};

class BlockReader {
 public:
  BlockReader(ArrayState& array, BufferPool& buffers) : array_(array), buffers_(buffers) {}

  // Chunks of this format are worth the second round trip.
  static bool pays(const ChunkFormat& format);

  void add(WantedChunk wanted) { chunks_.emplace_back().wanted = std::move(wanted); }
  std::size_t size() const { return chunks_.size(); }
  // Reads what was added. Gives back the chunks that are to be read otherwise.
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

  ArrayState& array_;
  BufferPool& buffers_;
  std::list<Chunk> chunks_;
};

}  // namespace copick::zarr
