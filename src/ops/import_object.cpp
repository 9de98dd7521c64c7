// Objects and their density maps. The config is saved last: what it names exists then, and a
// failure before that leaves the file as it was.
#include "base/logging.h"

#include <copick/error.h>
#include <copick/ops.h>

namespace copick {

namespace {

std::vector<std::string> object_names(const Root& root) {
  std::vector<std::string> names;
  for (const PickableObject& object : root.config().pickable_objects) names.push_back(object.name);
  return names;
}

// A map is stored as float32, one level.
void write_map(Object& object, SlabSource& source, const std::string& doing) {
  if (object.read_only() && object.has_data()) {
    throw PermissionError({doing, object.url(),
                           "the map belongs to the static source, which is read-only",
                           "add the object under another name"});
  }
  if (!object.definition().is_particle) {
    throw ValidationError(
        {doing, object.url(),
         "'" + object.name() +
             "' is not a particle, and only particles have "
             "density maps",
         "declare it a particle: copick add object --exist-ok --object-type particle"});
  }
  if (!source.voxel_size()) {
    throw ValidationError({doing, source.where(), "the file does not say how large a voxel is",
                           "give it in angstrom: --voxel-size"});
  }
  object.write(source, {.levels = 1});
}

}  // namespace

Object add_object(Root& root, const AddObject& options) {
  const std::string doing = "add object '" + options.object.name + "'";
  PickableObject definition = options.object;
  if (options.filament) definition.set_filament(options.filament);
  std::unique_ptr<SlabSource> map;
  if (!options.volume.empty()) map = open_volume_file(options.volume, options.input);
  const bool had_map = [&] {
    const auto existing = root.get_object(definition.name);
    return existing && existing->has_data();
  }();
  Object object = root.new_object(std::move(definition), {.exist_ok = options.exist_ok});
  if (map) write_map(object, *map, doing);
  try {
    root.save_config();
  } catch (...) {
    if (map && !had_map) {
      try {
        object.remove();
      } catch (const Error& error) {
        base::warn(std::string("left a density map behind: ") + error.what());
      }
    }
    throw;
  }
  return object;
}

Object add_object_volume(Root& root, const std::string& object, const std::string& path,
                         const VolumeInput& input) {
  const std::string doing = "add a density map to object '" + object + "'";
  auto found = root.get_object(object);
  if (!found) {
    std::string hint = near_name(object, object_names(root));
    if (hint.empty()) hint = "add it first: copick add object --name " + object;
    throw NotFoundError(
        {doing, root.config_path(), "no pickable object '" + object + "' in the config", hint});
  }
  const std::unique_ptr<SlabSource> source = open_volume_file(path, input);
  write_map(*found, *source, doing);
  return *found;
}

}  // namespace copick
