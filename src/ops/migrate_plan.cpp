#include "ops/migrate_plan.h"

#include "base/executor.h"
#include "base/limits.h"
#include "ops/migrate_attributes.h"
#include "store/key.h"
#include "zarr/compression.h"
#include "zarr/shard_shape.h"

#include <copick/error.h>

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace copick::ops {

namespace {

constexpr std::size_t kSpatial = 3;
constexpr std::array<std::string_view, 4> kMetadata{"zarr.json", ".zarray", ".zgroup", ".zattrs"};

[[noreturn]] void refuse(const std::string& where, const std::string& why,
                         const std::string& hint) {
  throw ValidationError({"migrate the volume", where, why, hint});
}

std::int64_t usual_edge(int zarr_format) { return zarr_format == 2 ? 256 : 128; }

// `spatial` for the last axes of an array, `whole` for those before.
Shape with_last_axes(Shape whole, const Shape& spatial, const std::string& where) {
  if (whole.size() < spatial.size()) {
    refuse(where, "the array has " + std::to_string(whole.size()) + " axes, three were given",
           "leave chunks and shards out for this volume");
  }
  std::copy(spatial.begin(), spatial.end(),
            whole.end() - static_cast<std::ptrdiff_t>(spatial.size()));
  return whole;
}

Shape chunks_of(const zarr::Array& source, int to, const Migrate& options) {
  Shape own = source.metadata().decode_chunks();
  if (options.chunks) return with_last_axes(own, *options.chunks, source.where());
  const int from = source.metadata().zarr_format;
  if (from == to || own.size() < kSpatial) return own;
  const Shape usual(kSpatial, usual_edge(from));
  const bool is_usual = std::equal(usual.begin(), usual.end(), own.end() - kSpatial);
  return is_usual ? with_last_axes(own, Shape(kSpatial, usual_edge(to)), source.where()) : own;
}

// One shard a level; every channel its own.
Shape level_shard(const Shape& shape, const Shape& chunks) {
  Shape shard = chunks;
  for (std::size_t axis = shape.size() > kSpatial ? shape.size() - kSpatial : 0;
       axis < shape.size(); ++axis)
    shard[axis] = (shape[axis] + chunks[axis] - 1) / chunks[axis] * chunks[axis];
  return shard;
}

void set_shards(zarr::NewArray& array, const Migrate& options, const std::string& where) {
  if (options.shards) {
    array.shards = with_last_axes(array.chunks, *options.shards, where);
  } else if (options.sharding == Sharding::none) {
    array.sharded = false;
  } else if (options.sharding == Sharding::level) {
    array.shards = level_shard(array.shape, array.chunks);
  } else {
    array.shards =
        zarr::shards_within(array.shape, array.chunks, size_of(array.dtype), usual_shard_bytes);
  }
}

void set_codecs(zarr::NewArray& array, const zarr::ArrayMetadata& source, Compression wanted,
                const std::string& where) {
  if (wanted == Compression::by_format && source.zarr_format == array.zarr_format)
    wanted = Compression::keep;
  if (wanted != Compression::keep) {
    array.codecs = zarr::codecs_of(wanted, array.zarr_format, array.dtype);
    return;
  }
  array.codecs = zarr::codecs_like(source, array.zarr_format);
  if (!array.codecs) {
    refuse(where,
           "its codec '" + source.compressor_name() + "' has no like in Zarr format " +
               std::to_string(array.zarr_format),
           "name one: --compressor blosc-lz4, blosc-zstd, zstd or none");
  }
}

std::vector<std::string> dimension_names(const zarr::ArrayMetadata& source,
                                         const ome::Multiscale& image) {
  if (!source.dimension_names.empty()) return source.dimension_names;
  std::vector<std::string> names;
  for (const ome::Axis& axis : image.axes()) names.push_back(axis.name);
  if (names.size() != source.shape.size()) names.clear();
  return names;
}

void check_fits(const zarr::ArrayMetadata& target, const std::string& where) {
  const std::uint64_t unit = byte_count(target.chunks, target.item_size());
  constexpr std::uint64_t copies = 3;  // decoded twice to be compared, encoded
  if (unit <= base::memory_limit() / copies) return;
  refuse(where,
         fmt::format("a shard of {} MB does not fit in {} MB of memory", unit >> 20,
                     base::memory_limit() >> 20),
         "take smaller ones: --shards auto");
}

bool differ(const zarr::ArrayMetadata& a, const zarr::ArrayMetadata& b) {
  return a.zarr_format != b.zarr_format || a.chunks != b.chunks ||
         a.decode_chunks() != b.decode_chunks() ||
         a.sharding.has_value() != b.sharding.has_value() ||
         zarr::codecs_like(a, a.zarr_format) != zarr::codecs_like(b, b.zarr_format);
}

bool is_chunk_name(std::string_view name) {
  if (name.starts_with("c/") || name.starts_with("c.")) name.remove_prefix(2);
  return !name.empty() && name.find_first_not_of("0123456789./") == std::string_view::npos;
}

bool is_metadata(std::string_view name) {
  return std::find(kMetadata.begin(), kMetadata.end(), name) != kMetadata.end();
}

// `name` is below the volume.
bool belongs_to_level(std::string_view name, const LevelPlan& level) {
  if (!level.path.empty()) {
    if (!store::is_below(name, level.path)) return false;
    name.remove_prefix(level.path.size() + 1);
  }
  return is_metadata(name) || is_chunk_name(name);
}

}  // namespace

Json MigrationPlan::documents() const {
  Json list = Json::array({attributes});
  for (const LevelPlan& level : levels) {
    list.push_back(Json::string(level.path));
    list.push_back(Json::string(level.document));
    list.push_back(level.target.attributes);
  }
  return list;
}

MigrationPlan plan_migration(const StorePtr& store, const std::string& prefix,
                             const ome::Multiscale& image, const Migrate& options) {
  const std::string where = store->url(prefix);
  MigrationPlan plan;
  plan.from = image.zarr_format();
  plan.to = options.to == ZarrFormat::keep ? plan.from : static_cast<int>(options.to);
  if (plan.to == 2 && (options.shards || options.sharding != Sharding::automatic))
    refuse(where, "Zarr format 2 has no shards", "leave them out, or migrate to version 3");
  plan.is_group = !image.level_path(0).empty();
  if (plan.is_group)
    plan.attributes = attributes_for(image.attributes(), plan.from, plan.to, where);
  for (std::size_t i = 0; i < image.level_count(); ++i) {
    const zarr::Array& source = image.level(i);
    const zarr::ArrayMetadata& from = source.metadata();
    zarr::NewArray array{.zarr_format = plan.to,
                         .shape = from.shape,
                         .chunks = chunks_of(source, plan.to, options),
                         .dtype = from.dtype};
    array.attributes = zarr::probe(*store, store::join(prefix, image.level_path(i))).attributes;
    set_codecs(array, from, options.compression, source.where());
    if (plan.to == 3) {
      set_shards(array, options, source.where());
      array.dimension_names = dimension_names(from, image);
    }
    const zarr::ArrayMetadata target = zarr::make_metadata(array);
    check_fits(target, source.where());
    plan.is_needed |= differ(from, target);
    plan.levels.push_back({image.level_path(i), source, std::move(array), zarr::to_text(target)});
  }
  return plan;
}

std::vector<std::string> other_files(Store& store, const std::string& prefix,
                                     const MigrationPlan& plan) {
  std::vector<std::string> keys;
  for (const Entry& entry : store.list_recursive(prefix)) {
    const std::string_view name = std::string_view(entry.name).substr(prefix.size() + 1);
    const bool ours = is_metadata(name) || name == ".zmetadata" ||
                      std::any_of(plan.levels.begin(), plan.levels.end(),
                                  [&](const auto& level) { return belongs_to_level(name, level); });
    if (!ours) keys.push_back(entry.name);
  }
  return keys;
}

std::string fingerprint(Store& store, const std::string& prefix) {
  const std::vector<Entry> keys = store.list_recursive(prefix);
  std::vector<std::string> lines(keys.size());
  base::parallel_for(keys.size(), [&](std::size_t i) {
    const std::optional<Stat> stat = store.stat(keys[i].name);
    lines[i] = keys[i].name.substr(prefix.size()) + '\n' +
               (stat ? std::to_string(stat->size) + ' ' + stat->version : "gone") + '\n';
  });
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a
  for (const std::string& line : lines)
    for (const char c : line) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return fmt::format("{:016x}", hash);
}

}  // namespace copick::ops
