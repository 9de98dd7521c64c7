// Volume: a multiscale array in a project: tomogram, feature map, segmentation or density map.
//
// They are one thing (an OME-NGFF image on Zarr v2 or v3) and differ in name, place and rules; the
// four handle types below only add their identity. Axes are (z, y, x), or (channel, z, y, x) for
// 4-D feature maps and panoptic segmentations. Level 0 is the full resolution.
//
//   auto volume = tomo.read<float>();                              // whole level 0
//   auto plane  = tomo.read<float>({.level = 0, .z = {90, 91}});   // decodes only what it needs
//   tomo.write(volume.view(), {.levels = 3});
//   tomo.set_region(patch.view(), {.z = {0, 32}});
//
// Handles are small values that share state; copies are cheap. Reading never writes.
// Threads: const calls may run from many threads. Two writers of one volume need the caller's
// order. Errors:  NotFoundError (no data yet, no such level), ValidationError (region, dtype,
// shape), PermissionError
//          (static), CorruptError (names the key), StorageError.
#pragma once

#include <copick/array.h>
#include <copick/json.h>
#include <copick/region.h>
#include <copick/slab_source.h>
#include <copick/store.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace copick {

enum class Origin { static_source, overlay };
enum class ZarrFormat { keep = 0, v2 = 2, v3 = 3 };
// by_format: what the reference writes, Blosc LZ4 in Zarr v2 and Zstandard (floating point
// shuffled) in v3. keep: that of the volume that is copied.
enum class Compression { by_format, keep, blosc_lz4, blosc_zstd, zstd, none };
// How a coarser level is made of a finer one. mean: 2x2x2 with zero padding, as the reference;
// mean_true_edge averages only real voxels; nearest and mode never invent a label.
enum class Downsampling { by_kind, mean, mean_true_edge, nearest, mode };

struct LevelInfo {
  std::string path;  // "0", "s1", "" for a bare array
  DType dtype = DType::float32;
  std::string stored_dtype;     // as the metadata spell it: "<f4", "float32"
  Shape shape;                  // (z, y, x) or (channel, z, y, x)
  Shape chunks;                 // smallest unit that is decoded (the inner chunk of a shard)
  std::optional<Shape> shards;  // outer unit of a sharded array
  char order = 'C';
  std::string dimension_separator;  // "/" or "."
  std::string compressor;           // "blosc", "zstd", ..., "" for none
  std::vector<double> scale;        // angstrom per voxel and axis (channel axes: 1)
};

struct VolumeInfo {
  int zarr_format = 2;
  std::string ome_version;        // "0.4", "0.5", "" without OME metadata
  std::vector<std::string> axes;  // "z", "y", "x", ...
  std::vector<LevelInfo> levels;
  Json attributes = Json::object();  // the group's attributes as stored
};

// Called with voxels done and in all, from any thread; must be quick and must not throw.
using Progress = std::function<void(std::uint64_t done, std::uint64_t total)>;

inline constexpr std::uint64_t usual_shard_bytes = std::uint64_t{64} << 20;

struct WriteOptions {
  int levels = 0;                 // 0: the kind's default (tomogram 3, others 1)
  std::optional<DType> dtype{};   // stored type; default by kind, see docs/format/volumes.md
  std::optional<Shape> chunks{};  // default 256^3 for Zarr v2, 128^3 inner chunks for v3
  std::optional<Shape> shards{};  // v3 only; default by shard_bytes
  // v3 only: a volume that takes more is stored in shards of the largest multiple of the chunks that
  // is at most so many bytes when decoded; any other, and every one with nullopt, in one shard a
  // level, as copick 2 lays it out. Changing one voxel writes its shard anew
  // (docs/format/migrate.md, section 3).
  std::optional<std::uint64_t> shard_bytes = usual_shard_bytes;
  ZarrFormat zarr_format = ZarrFormat::keep;  // keep: the store's own, else the project's, else v2
  Downsampling downsampling = Downsampling::by_kind;
  Durability durability = Durability::full;
  Progress progress{};
};

struct SetRegionOptions {
  bool refresh_levels = true;  // bring the coarser levels up to date around the region
  Durability durability = Durability::full;
};
struct SetRegionReport {
  std::vector<int> refreshed;  // levels brought up to date
  std::vector<int> stale;      // levels that now disagree with level 0 (refresh_levels was off)
};

namespace model {
class VolumeState;
}

class Volume {
 public:
  explicit Volume(std::shared_ptr<model::VolumeState> state);

  bool read_only() const;
  Origin origin() const;
  std::string url() const;   // path or URL of the Zarr store, for messages
  std::string path() const;  // key of the Zarr store inside its root
  bool has_data() const;     // false for an entity that was created and never written
  VolumeInfo info() const;   // metadata are read once and kept
  // Angstrom: what the folder or file name says; for density maps and segmentations of the first
  // layout, whose names do not say, what the metadata say (info().levels[0].scale).
  double voxel_size() const;
  // Shape of the array that `region` selects.
  Shape shape_of(const Region& region = {}) const;

  // Reads as the stored type.
  AnyArray read_any(const Region& region = {}) const;
  // Reads into the caller's memory, converting exactly to its dtype (ValidationError when a value
  // does not fit; for float64 -> float32 and wider -> float16 rounding is accepted). Decodes each
  // touched chunk once.
  void read_into(ArrayView destination, const Region& region = {}) const;
  template <typename T>
  Array<T> read(const Region& region = {}) const {
    Array<T> result(shape_of(region));
    read_into(result.view(), region);
    return result;
  }

  // Several regions in one call, each into the destination of the same number: a chunk that many
  // of them touch is fetched and decoded once. The regions may overlap and be of several levels.
  void read_into(std::span<const ArrayView> destinations, std::span<const Region> regions) const;
  template <typename T>
  std::vector<Array<T>> read_many(std::span<const Region> regions) const {
    std::vector<Array<T>> results;
    std::vector<ArrayView> destinations;
    for (const Region& region : regions)
      destinations.push_back(results.emplace_back(shape_of(region)).view());
    read_into(destinations, regions);
    return results;
  }

  // Replaces the whole volume atomically: a reader (or a crash) sees the old one or the new one.
  void write(ConstArrayView data, const WriteOptions& options = {});
  // The same from a source larger than memory, in one pass.
  void write(SlabSource& source, const WriteOptions& options = {});
  // Replaces a region of one level; the array must exist. Whole chunks are never read back.
  SetRegionReport set_region(ConstArrayView data, const Region& region,
                             const SetRegionOptions& options = {});
  // A level as a slab source, for export and copy.
  std::unique_ptr<SlabSource> open_level(int level = 0) const;

  // Removes the volume from the overlay.
  void remove();
  // Forgets cached metadata.
  void refresh();

 protected:
  std::shared_ptr<model::VolumeState> state_;
};

}  // namespace copick
