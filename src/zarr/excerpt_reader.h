// ExcerptReader: small parts of large Blosc chunks, without fetching the chunks.
//
//   1. The heads of all chunks are fetched in one call: header and table of blocks.
//   2. The blocks wanted are fetched in one call, together with the table once more. A store reads
//   the parts of one
//      value that one call asks for from one version of it, or so nearly that a table which has not
//      changed means so.
//   3. An excerpt whose table is as it was is decoded. All others are left to be read whole: chunks
//   replaced in
//      between, damaged ones, and those of which nothing is gained.
// Threads: one caller. Errors: as Array::read.
#pragma once

#include "zarr/array_state.h"

#include <vector>

namespace copick::zarr {

class ExcerptReader {
 public:
  // `destination` is the whole region.
  ExcerptReader(ArrayState& array, const ArrayView& destination)
      : array_(array), destination_(destination) {}

  // An excerpt of a chunk for this part saves more than the second round trip costs.
  static bool pays(const ChunkFormat& format, const Box& part);

  void add(const Part& part) { parts_.push_back({part, array_.key_of(part.index), {}, {}}); }
  std::size_t size() const { return parts_.size(); }
  // Reads what was added. Gives back the parts that are to be read otherwise.
  std::vector<Part> read();

 private:
  struct Wanted {
    Part part;
    std::string key;
    Bytes head;
    std::optional<BloscExcerpt> excerpt;
    bool done = false;
  };
  struct Arrived {
    std::optional<Bytes> table, blocks;
    std::atomic<int> missing{2};
  };

  void fetch_heads();
  void fetch_blocks();
  void decode(Wanted& wanted, const Arrived& arrived);
  ArrayView target(const Part& part) const;

  ArrayState& array_;
  const ArrayView& destination_;
  std::vector<Wanted> parts_;
};

}  // namespace copick::zarr
