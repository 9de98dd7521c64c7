// ExcerptReader: small parts of large Blosc chunks, without fetching the chunks.
//
//   1. The heads of all chunks are fetched in one call: header and table of blocks. A chunk that is
//      no longer than that is decoded at once.
//   2. The blocks wanted are fetched together with the table once more, a bounded number of bytes a
//      call. Parts of one value that one call asks for are of one version of it (store.h): a table
//      that is as it was says where the blocks are.
//   3. Chunks whose parts have all arrived are decoded. All others are left to be read whole: those
//      replaced in between, those that do not decode, and those of which nothing is gained.
// Threads: one caller. Errors: as Array::read.
#pragma once

#include "zarr/array_state.h"

#include <span>
#include <vector>

namespace copick::zarr {

// A chunk and what is wanted of it.
struct WantedChunk {
  std::string key;
  std::vector<Copy> copies;
};

class ExcerptReader {
 public:
  ExcerptReader(ArrayState& array, BufferPool& buffers) : array_(array), buffers_(buffers) {}

  // An excerpt of a chunk for these copies saves more than the second round trip costs.
  static bool pays(const ChunkFormat& format, std::span<const Copy> copies);

  void add(WantedChunk wanted) { chunks_.push_back({std::move(wanted), {}, {}}); }
  std::size_t size() const { return chunks_.size(); }
  // Reads what was added. Gives back the chunks that are to be read otherwise.
  std::vector<WantedChunk> read();

 private:
  struct Chunk {
    WantedChunk wanted;
    Bytes head;
    std::optional<BloscExcerpt> excerpt;
    bool done = false;
  };
  struct Arrival;

  void fetch_heads();
  void take_head(Chunk& chunk, std::optional<Bytes> head);
  void fetch_blocks(std::span<Chunk* const> chunks);
  void decode(Chunk& chunk, Arrival& arrival);

  ArrayState& array_;
  BufferPool& buffers_;
  std::vector<Chunk> chunks_;
};

}  // namespace copick::zarr
