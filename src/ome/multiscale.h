// Multiscale: an OME-NGFF image (0.4 on Zarr v2, 0.5 on Zarr v3) and its levels.
//
// Note: docs/format/ome-ngff.md. Levels come from the multiscales' datasets; without multiscales
// from the array "0", else from the first array of the group; without a group from a bare array.
// Metadata are accepted at the root of the attributes or under "ome" in either container.
//
//   if (auto image = ome::Multiscale::open(store, "wbp.zarr")) image->level(0).read(box, view);
//
// Opening never writes. Threads: const calls from many threads.
// Errors: CorruptError (metadata that contradict themselves, a level whose array is missing),
// NotFoundError.
#pragma once

#include "ome/write_budget.h"
#include "zarr/array.h"

#include <copick/volume.h>

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace copick::ome {

struct Axis {
  std::string name, type, unit;
};

class Multiscale {
 public:
  // nullopt: nothing stored there yet (no metadata, an empty group). CorruptError when metadata are
  // broken.
  static std::optional<Multiscale> open(StorePtr store, std::string prefix);

  int zarr_format() const;
  std::string ome_version() const;  // "" without multiscales
  const std::vector<Axis>& axes() const;
  std::size_t level_count() const;
  const std::string& level_path(std::size_t level) const;
  // In angstrom, per axis (channel axes as stated); empty when the metadata state no scale.
  const std::vector<double>& level_scale(std::size_t level) const;
  // Arrays are opened once and kept. NotFoundError lists the levels there are.
  const zarr::Array& level(std::size_t level) const;
  // Index of an array path; nullopt for arrays that are not listed as levels.
  std::optional<std::size_t> find_level(std::string_view path) const;
  // Angstrom: level 0 along the first of the last three axes, as the reference takes it; nullopt
  // without scale.
  std::optional<double> voxel_size() const;
  const Json& attributes() const;

 private:
  struct State;
  explicit Multiscale(std::shared_ptr<State> state) : state_(std::move(state)) {}
  std::shared_ptr<State> state_;
};

// Factor from a UDUNITS length name to angstrom; 1 for unknown units.
double unit_in_angstrom(std::string_view unit);

struct ImageLayout {
  int zarr_format = 2;
  DType dtype = DType::float32;
  Shape shape;  // level 0, (z, y, x) or (channel, z, y, x)
  Shape chunks;
  std::optional<Shape> shards;  // v3
  int levels = 1;
  double voxel_size = 1.0;                         // angstrom
  Downsampling downsampling = Downsampling::mean;  // resolved, not by_kind
  enum class Channel { none, panoptic, feature } channel = Channel::none;
  // multiscales "metadata": {} for the model writer (v2), null for imports, nullopt for the
  // format's default.
  std::optional<Json> metadata;
};

// Shapes of all levels; level k + 1 from level k.
std::vector<Shape> level_shapes(const ImageLayout& layout);
// Attributes document of the group (".zattrs" content for v2; "attributes" of zarr.json for v3), as
// the reference.
Json image_attributes(const ImageLayout& layout);

// Writes a whole image below `prefix` (normally a staging prefix) in one pass over `source`: every
// level is made while level 0 passes through. Arrays first, group metadata last. Memory: a few
// tiles, whatever the size of the volume (docs/format/pyramid.md, section 4). `source` has the
// shape and any dtype convertible to layout.dtype; level >= 1 is made from the converted values.
// Returns the most bytes of tiles that were in memory at once.
std::size_t write_image(StorePtr store, const std::string& prefix, SlabSource& source,
                        const ImageLayout& layout, Durability durability, const Progress& progress,
                        const WriteBudget& budget = {});

// After level 0 changed inside `box`: recomputes the touched part of every coarser level with
// `method`. ValidationError when a level is not half the one before it.
void refresh_levels(const Multiscale& image, const zarr::Box& box, Downsampling method,
                    Durability durability);

// A SlabSource over memory, and over one level of an image.
std::unique_ptr<SlabSource> memory_source(ConstArrayView view, std::string where);
std::unique_ptr<SlabSource> level_source(const Multiscale& image, std::size_t level);

}  // namespace copick::ome
