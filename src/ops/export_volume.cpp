// Volumes as files of other programs, streamed slab by slab.
#include "array/convert.h"
#include "base/number_text.h"
#include "format/file.h"
#include "format/mrc.h"
#include "format/npy.h"
#include "format/tiff.h"
#include "ops/level_slabs.h"
#include "ops/text_file.h"

#include <copick/error.h>
#include <copick/ops.h>

#include <algorithm>
#include <limits>

namespace copick {

namespace {

// The first of int16, uint16 and float32 that holds every integer between `low` and `high` exactly.
DType mrc_type_for(double low, double high, const std::string& where) {
  constexpr double exact_in_float = 16777216;  // 2^24
  if (low >= std::numeric_limits<std::int16_t>::min() &&
      high <= std::numeric_limits<std::int16_t>::max())
    return DType::int16;
  if (low >= 0 && high <= std::numeric_limits<std::uint16_t>::max()) return DType::uint16;
  if (low >= -exact_in_float && high <= exact_in_float) return DType::float32;
  throw ValidationError({"export to MRC", where,
                         "values from " + base::fixed(low, 0) + " to " + base::fixed(high, 0) +
                             " fit no type an MRC file can hold",
                         "export to npy or zarr, which keep the type"});
}

DType mrc_type(SlabSource& source) {
  switch (source.dtype()) {
    case DType::boolean:
    case DType::int8:
    case DType::uint8:
    case DType::int16:
      return DType::int16;
    case DType::uint16:
    case DType::int32:
    case DType::uint32:
    case DType::int64:
    case DType::uint64:
      break;
    default:
      return DType::float32;
  }
  double low = 0, high = 0;
  ops::for_each_slab(source, [&](const ConstArrayView& slab) {
    const array::MinMax range = array::min_max(slab);
    low = std::min(low, range.min);
    high = std::max(high, range.max);
  });
  return mrc_type_for(low, high, source.where());
}

}  // namespace

void export_mrc(const Volume& volume, const std::string& path, const ExportVolume& options) {
  const std::unique_ptr<SlabSource> source =
      ops::open_level_slabs(volume, options, "export to MRC");
  const DType type = options.dtype ? *options.dtype : mrc_type(*source);
  ops::make_folder_of(path, "export to MRC");
  format::write_mrc(path, *source, type, *source->voxel_size());
}

void export_tiff(const Volume& volume, const std::string& path, const ExportVolume& options) {
  const std::unique_ptr<SlabSource> source =
      ops::open_level_slabs(volume, options, "export to TIFF");
  ops::make_folder_of(path, "export to TIFF");
  format::write_tiff(path, *source);
}

void export_npy(const Volume& volume, const std::string& path, const ExportVolume& options) {
  const std::string doing = "export to npy";
  const std::unique_ptr<SlabSource> source = ops::open_level_slabs(volume, options, doing);
  ops::make_folder_of(path, doing);
  format::AtomicFile file(path, doing);
  file.append(as_bytes(format::npy_header(source->dtype(), source->shape())));
  ops::for_each_slab(*source, [&](const ConstArrayView& slab) {
    file.append({slab.data, byte_count(slab.shape, size_of(slab.dtype))});
  });
  file.publish();
}

}  // namespace copick
