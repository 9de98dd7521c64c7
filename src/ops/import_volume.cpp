// How a volume file enters a project:
//   1. The file is opened and its header checked; nothing has been made yet.
//   2. What must not be there is looked for, so that a conflict costs nothing.
//   3. Run and voxel spacing are made when missing (ImportTarget takes them back if a later step
//   fails).
//   4. The volume is written in one pass and published in one step (Volume::write).
#include "base/number_text.h"
#include "model/names.h"  // sanitise, as new_* will do
#include "ops/import_target.h"

#include <copick/error.h>
#include <copick/ops.h>

namespace copick {

namespace {

double known_voxel_size(const SlabSource& source, const std::string& doing) {
  if (const auto size = source.voxel_size()) return *size;
  throw ValidationError({doing, source.where(), "the file does not say how large a voxel is",
                         "give it in angstrom: --voxel-size"});
}

[[noreturn]] void refuse_existing(const std::string& doing, const std::string& where,
                                  const std::string& what) {
  throw ConflictError({doing, where, what + " already exists",
                       "replace it with --overwrite, or choose another name"});
}

std::optional<Segmentation> find_segmentation(const Run& run, const AddSegmentation& options,
                                              double voxel_size) {
  const std::vector<Segmentation> found = run.get_segmentations({.name = options.name,
                                                                 .user = options.user_id,
                                                                 .session = options.session_id,
                                                                 .voxel_size = voxel_size,
                                                                 .kinds = {options.kind},
                                                                 .from_user = {}});
  return found.empty() ? std::nullopt : std::optional<Segmentation>(found.back());
}

}  // namespace

Tomogram add_tomogram(Root& root, const std::string& path, const AddTomogram& options) {
  const std::string doing = "add tomogram '" + options.tomo_type + "' to run '" + options.run + "'";
  const std::unique_ptr<SlabSource> source = open_volume_file(path, options.input);
  const double voxel_size = known_voxel_size(*source, doing);
  const std::string type = model::sanitise(options.tomo_type, "tomogram type");
  ops::ImportTarget target(root, options.run, options.create, doing);
  VoxelSpacing spacing = target.voxel_spacing(voxel_size);
  const auto existing = spacing.get_tomogram(type);
  if (existing && !options.overwrite && existing->has_data()) {
    refuse_existing(doing, existing->url(),
                    "tomogram '" + type + "' at voxel spacing " + base::fixed(voxel_size, 3));
  }
  WriteOptions write = options.write;
  if (!options.create_pyramid) {
    write.levels = 1;
    if (!write.dtype) write.dtype = source->dtype();
  }
  Tomogram tomogram = spacing.new_tomogram(type, {.exist_ok = true});
  tomogram.write(*source, write);
  target.keep();
  return tomogram;
}

Segmentation add_segmentation(Root& root, const std::string& path,
                              const AddSegmentation& options_in) {
  AddSegmentation options = options_in;
  options.name = model::sanitise(options.name, "segmentation name");
  options.user_id = model::sanitise(options.user_id, "user id");
  options.session_id = model::sanitise(options.session_id, "session id");
  const std::string doing = "add segmentation '" + options.name + "' to run '" + options.run + "'";
  const std::unique_ptr<SlabSource> source = open_volume_file(path, options.input);
  const double voxel_size = known_voxel_size(*source, doing);
  ops::ImportTarget target(root, options.run, options.create, doing);
  const auto existing = find_segmentation(target.run(), options, voxel_size);
  if (existing && !options.overwrite && existing->has_data()) {
    refuse_existing(doing, existing->url(), "segmentation '" + existing->name() + "'");
  }
  Segmentation segmentation =
      target.run().new_segmentation(options.name, {.voxel_size = voxel_size,
                                                   .user = options.user_id,
                                                   .session = options.session_id,
                                                   .kind = options.kind,
                                                   .exist_ok = true});
  segmentation.write(*source, options.write);
  target.keep();
  return segmentation;
}

}  // namespace copick
