#include "zarr/array.h"

#include "store/key.h"
#include "zarr/array_state.h"
#include "zarr/chunk_key.h"

#include <copick/error.h>

#include <algorithm>
#include <utility>

namespace copick::zarr {

namespace {

const char* metadata_name(int zarr_format) { return zarr_format == 2 ? ".zarray" : "zarr.json"; }

}  // namespace

Array Array::from_node(StorePtr store, std::string prefix, const Node& node) {
  const int format = node.kind == NodeKind::array_v2 ? 2 : 3;
  const std::string where = store->url(store::join(prefix, metadata_name(format)));
  ArrayMetadata metadata = format == 2 ? parse_v2_array(node.metadata_text, where)
                                       : parse_v3_array(node.metadata_text, where);
  return Array(
      std::make_shared<ArrayState>(std::move(store), std::move(prefix), std::move(metadata)));
}

std::optional<Array> Array::try_open(StorePtr store, std::string prefix) {
  const Node node = probe(*store, prefix);
  if (!is_array(node)) return std::nullopt;
  return from_node(std::move(store), std::move(prefix), node);
}

Array Array::open(StorePtr store, std::string prefix) {
  std::optional<Array> array = try_open(store, prefix);
  if (array) return std::move(*array);
  throw NotFoundError({"open a Zarr array", store->url(prefix), "there is no array",
                       "an array is a folder that holds .zarray or zarr.json"});
}

Array Array::create(StorePtr store, std::string prefix, const NewArray& array,
                    Durability durability) {
  ArrayMetadata metadata = make_metadata(array);
  store->put(store::join(prefix, metadata_name(array.zarr_format)), as_bytes(to_text(metadata)),
             {.durability = durability});
  return Array(
      std::make_shared<ArrayState>(std::move(store), std::move(prefix), std::move(metadata)));
}

const ArrayMetadata& Array::metadata() const { return state_->metadata; }

std::string Array::where() const { return state_->url_of(state_->prefix); }

void Array::read(const Box& box, const ArrayView& destination) const {
  const Reading reading{box, destination};
  read({&reading, 1});
}

void Array::read(std::span<const Reading> readings) const {
  for (const Reading& reading : readings)
    check_region(*state_, reading.box, reading.destination.shape, "read a region");
  if (!read_cached(*state_, readings)) read_uncached(*state_, readings);
}

void read_uncached(ArrayState& array, std::span<const Reading> readings) {
  if (array.metadata.sharding)
    read_shards(array, readings);
  else
    read_chunks(array, readings);
}

void Array::write(const Box& box, const ConstArrayView& source, Durability durability) {
  check_region(*state_, box, source.shape, "write a region");
  if (box.empty()) return;
  if (state_->metadata.sharding)
    write_shards(*state_, box, source, durability);
  else
    write_chunks(*state_, box, source, durability);
}

Shape Array::grid() const {
  Shape grid = state_->metadata.shape;
  const Shape& chunks = state_->metadata.chunks;
  for (std::size_t axis = 0; axis < grid.size(); ++axis)
    grid[axis] = grid[axis] / chunks[axis] + (grid[axis] % chunks[axis] != 0);
  return grid;
}

void check_region(const ArrayState& array, const Box& box, const Shape& shape,
                  const std::string& doing) {
  const Shape& bounds = array.metadata.shape;
  bool inside = box.begin.size() == bounds.size() && box.end.size() == bounds.size();
  for (std::size_t axis = 0; inside && axis < bounds.size(); ++axis) {
    inside =
        box.begin[axis] >= 0 && box.begin[axis] <= box.end[axis] && box.end[axis] <= bounds[axis];
  }
  if (!inside) {
    throw ValidationError({doing, array.url_of(array.prefix),
                           "the region from " + shape_text(box.begin) + " to " +
                               shape_text(box.end) + " is not inside shape " + shape_text(bounds),
                           "give begin <= end <= length for each axis"});
  }
  if (shape != box.shape()) {
    throw ValidationError({doing, array.url_of(array.prefix),
                           "the memory given has shape " + shape_text(shape) +
                               ", the region has shape " + shape_text(box.shape()),
                           "give memory of the region's shape"});
  }
}

std::vector<Box> boxes_of(std::span<const Reading> readings) {
  std::vector<Box> boxes;
  for (const Reading& reading : readings) boxes.push_back(reading.box);
  return boxes;
}

std::string ArrayState::key_of(const Shape& index) {
  char separator = metadata.separator;
  if (!metadata.separator_is_stated && index.size() > 1) {
    separator = separator_.load(std::memory_order_relaxed);
    if (separator == 0) {
      const char found = find_separator();
      if (found != 0) separator_.store(found, std::memory_order_relaxed);
      separator = found != 0 ? found : metadata.separator;
    }
  }
  return store::join(prefix, chunk_key(index, separator, metadata.default_key_encoding));
}

// The first chunk nearly always decides; where it is not stored, any other does. 0: no chunk is
// stored at all.
std::uint64_t ArrayState::next_id() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

char ArrayState::find_separator() {
  const Shape first(metadata.shape.size(), 0);
  for (const char separator : {'.', '/'})
    if (store->stat(store::join(prefix, zarr::chunk_key(first, separator, false))))
      return separator;
  for (const Entry& entry : store->list(prefix)) {
    if (entry.name.find_first_not_of("0123456789.") != std::string::npos) continue;
    const bool has_dot = entry.name.find('.') != std::string::npos;
    if (entry.is_prefix && !has_dot) return '/';
    if (!entry.is_prefix && has_dot) return '.';
  }
  return 0;
}

std::shared_ptr<const ShardIndex> ShardIndexCache::find(const std::string& key) const {
  const std::lock_guard lock(mutex_);
  const auto found = indexes_.find(key);
  return found == indexes_.end() ? nullptr : found->second;
}

void ShardIndexCache::keep(const std::string& key, std::shared_ptr<const ShardIndex> index) {
  const std::size_t size = index->stored().size();
  const std::lock_guard lock(mutex_);
  if (size_ + size > kCapacity) {
    indexes_.clear();
    size_ = 0;
  }
  if (size > kCapacity) return;
  if (indexes_.insert_or_assign(key, std::move(index)).second) size_ += size;
}

void ShardIndexCache::forget() {
  const std::lock_guard lock(mutex_);
  indexes_.clear();
  size_ = 0;
}

}  // namespace copick::zarr
