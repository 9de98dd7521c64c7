#include "frame/context.h"
#include "verbs/verbs.h"

#include <copick/ops.h>

#include <fmt/core.h>

namespace copick::cli {

namespace {

int run(Context& context) {
  VolumeInput input;
  if (context.args.text("volume-format") == "zarr")
    input.file_type = VolumeFile::zarr;
  else if (context.args.has("volume-format"))
    input.file_type = VolumeFile::mrc;
  input.voxel_size = context.args.number("voxel-size");
  Root root = context.open_project();
  const Object object = add_object_volume(root, context.args.text("object-name"),
                                          context.args.text("volume-path"), input);
  const Shape shape = object.shape_of();
  context.done(fmt::format("added the density map of {}: {} at {:.3f} \u00c5", object.name(),
                           shape_text(shape), object.voxel_size()));
  if (context.json())
    context.print_json(Json::object({{"object", Json::string(object.name())},
                                     {"voxel_size", Json::number(object.voxel_size())},
                                     {"url", Json::string(object.url())}}));
  return 0;
}

}  // namespace

Command add_object_volume_command() {
  return {.path = "add object-volume",
          .summary = "Add a density map to an existing pickable object.",
          .details =
              "The object must be a particle. A map it has already is replaced.\n"
              "\nExamples:\n\n"
              "  copick add object-volume --object-name ribosome --volume-path emd_3883.map.gz -c "
              "config.json",
          .options =
              std::vector<OptionSpec>{
                  config_option(),
                  {.names = "--object-name",
                   .value = Value::text,
                   .help = "Name of the existing object.",
                   .required = true},
                  {.names = "--volume-path",
                   .value = Value::existing_file,
                   .help = "Path of the volume file.",
                   .required = true},
                  {.names = "--volume-format",
                   .value = Value::text,
                   .choices = {"mrc", "zarr", "map"},
                   .help = "Type of the file. Default: by its extension."},
                  {.names = "--voxel-size",
                   .value = Value::number,
                   .help = "Voxel size in angstrom. Overrides what the file says."}} +
              computing_options() + common_options(),
          .run = run};
}

}  // namespace copick::cli
