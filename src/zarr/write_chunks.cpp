// How a region of an array without shards is written. Each chunk it touches is one job of the
// executor:
//   1. A chunk that the region covers is encoded from the source. Of any other the stored value is
//      read first and the part outside the region kept; padding beyond the array's edge is the fill value.
//   2. The chunk is put once. In version 3 a chunk of nothing but the fill value is removed
//      instead.
#include "base/executor.h"
#include "zarr/unit_writer.h"

#include <vector>

namespace copick::zarr {

namespace {

constexpr std::size_t kPlannedAtOnce =
    4096;  // chunks, so that a plan stays small whatever the region

struct Target {
  Part part;
  std::string key;
};

void write_one(ArrayState& array, UnitWriter& writer, const Target& target, Durability durability) {
  const std::string where = array.url_of(target.key);
  std::optional<Bytes> stored;
  if (!covers_cell(target.part, array.metadata.chunks, array.metadata.shape))
    stored = array.store->get(target.key);
  const auto existing = stored ? std::optional<ByteView>(stored->view()) : std::nullopt;
  const std::optional<Bytes> encoded = writer.encode(target.part, existing, where);
  if (encoded)
    array.store->put(target.key, *encoded, {.durability = durability});
  else
    array.store->erase(target.key);
}

}  // namespace

void write_chunks(ArrayState& array, const Box& box, const ConstArrayView& source,
                  Durability durability) {
  BufferPool buffers;
  UnitWriter writer(array, source, buffers);
  std::vector<Target> targets;
  const auto write_planned = [&] {
    base::parallel_for(targets.size(),
                       [&](std::size_t i) { write_one(array, writer, targets[i], durability); });
    targets.clear();
  };
  for (GridWalk walk(box, array.metadata.chunks); const auto part = walk.next();) {
    targets.push_back({*part, array.key_of(part->index)});
    if (targets.size() == kPlannedAtOnce) write_planned();
  }
  write_planned();
}

}  // namespace copick::zarr
