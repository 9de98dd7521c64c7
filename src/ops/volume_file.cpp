// Opening a volume file whatever it is: type by name, reader by type, then voxel size and
// orientation on top.
#include "array/forwarding_source.h"
#include "format/mrc.h"
#include "format/tiff.h"
#include "model/names.h"  // round_spacing
#include "ome/multiscale.h"
#include "ops/chunk_rows.h"
#include "ops/orientation.h"

#include <copick/error.h>
#include <copick/ops.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <filesystem>

namespace copick {

namespace {

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

VolumeFile type_by_name(const std::string& path) {
  std::filesystem::path name = lower(path);
  std::error_code ignored;
  if (name.extension() == ".zarr" || std::filesystem::is_directory(path, ignored))
    return VolumeFile::zarr;
  if (name.extension() == ".gz" || name.extension() == ".bz2") name.replace_extension();
  constexpr std::array<std::string_view, 5> mrc_extensions{".mrc", ".map", ".rec", ".st", ".ccp4"};
  const std::string extension = name.extension().string();
  if (std::find(mrc_extensions.begin(), mrc_extensions.end(), extension) != mrc_extensions.end())
    return VolumeFile::mrc;
  if (extension == ".tif" || extension == ".tiff") return VolumeFile::tiff;
  throw ValidationError(
      {"open the volume file", path, "extension '" + extension + "' is of no known volume format",
       "say what it is: --file-type mrc, tiff or zarr (extensions known: .mrc .map .rec .st .ccp4, "
       "each also with .gz or .bz2, .tif .tiff and .zarr)"});
}

std::unique_ptr<SlabSource> open_zarr(const std::string& path) {
  namespace fs = std::filesystem;
  const std::string doing = "open the Zarr volume";
  std::error_code error;
  fs::path folder = fs::absolute(path, error).lexically_normal();
  if (!folder.has_filename()) folder = folder.parent_path();  // "x.zarr/"
  if (error || !fs::is_directory(folder, error)) {
    throw NotFoundError(
        {doing, path, error ? error.message() : "there is no such folder", "check the path"});
  }
  const StorePtr store = open_store(folder.parent_path().string());
  const std::optional<ome::Multiscale> image =
      ome::Multiscale::open(store, folder.filename().string());
  if (!image) {
    throw NotFoundError({doing, path, "it holds neither an OME-Zarr image nor an array",
                         "give the folder that holds .zattrs, .zarray or zarr.json"});
  }
  const Shape& chunks = image->level(0).metadata().chunks;
  if (chunks.size() < 3) {
    throw ValidationError({doing, path, "its array has " + std::to_string(chunks.size()) + " axes",
                           "give a volume (z, y, x) or (channel, z, y, x)"});
  }
  auto rows = ops::in_chunk_rows(ome::level_source(*image, 0), chunks[chunks.size() - 3]);
  return std::make_unique<array::SizedSource>(std::move(rows), image->voxel_size());
}

std::optional<double> checked_voxel_size(std::optional<double> asked, std::optional<double> found,
                                         const std::string& where) {
  const std::optional<double> size = asked ? asked : found;
  if (!size) return std::nullopt;
  // Headers hold float32, and 10.012 is 10.0120001 there.
  const double rounded = std::isfinite(*size) ? model::round_spacing(*size) : *size;
  if (std::isfinite(rounded) && rounded > 0) return rounded;
  if (!asked) return std::nullopt;  // a header that says nothing usable says nothing
  throw ValidationError({"open the volume file", where,
                         "the voxel size must be a positive number of angstrom",
                         "give the edge of a voxel, at least 0.001"});
}

}  // namespace

std::unique_ptr<SlabSource> open_volume_file(const std::string& path, const VolumeInput& input) {
  const VolumeFile type =
      input.file_type == VolumeFile::automatic ? type_by_name(path) : input.file_type;
  std::unique_ptr<SlabSource> source = type == VolumeFile::mrc    ? format::open_mrc(path)
                                       : type == VolumeFile::tiff ? format::open_tiff(path)
                                                                  : open_zarr(path);
  const std::optional<double> voxel_size =
      checked_voxel_size(input.voxel_size, source->voxel_size(), path);
  source = ops::oriented(std::move(source), input.transpose, input.flip);
  return std::make_unique<array::SizedSource>(std::move(source), voxel_size);
}

}  // namespace copick
