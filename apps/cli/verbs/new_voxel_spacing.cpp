#include "frame/context.h"
#include "verbs/verbs.h"

#include <copick/ops.h>

#include <fmt/core.h>

namespace copick::cli {

namespace {

int run(Context& context) {
  const auto size = to_number(context.args.text("VOXEL_SPACING"));
  if (!size)
    context.refuse("Invalid value for 'VOXEL_SPACING': '" + context.args.text("VOXEL_SPACING") +
                   "' is not a valid float.");
  const std::string run_name = context.args.text("run");
  Root root = context.open_project();
  const auto existing_run = root.get_run(run_name);
  Run parent = existing_run ? *existing_run
               : context.args.flag("create")
                   ? root.new_run(run_name)
                   : require_run(root, run_name, "create a voxel spacing");
  const bool existed = parent.get_voxel_spacing(*size).has_value();
  try {
    const VoxelSpacing made =
        parent.new_voxel_spacing(*size, {.exist_ok = context.args.flag("overwrite")});
    context.done(fmt::format("{} voxel spacing {:.3f} in run {}", existed ? "kept" : "created",
                             made.voxel_size(), run_name));
    if (context.json())
      context.print_json(Json::object({{"run", Json::string(run_name)},
                                       {"voxel_size", Json::number(made.voxel_size())},
                                       {"created", Json::boolean(!existed)},
                                       {"url", Json::string(made.url())}}));
  } catch (...) {
    if (!existing_run) parent.remove();  // a run made for nothing
    throw;
  }
  return 0;
}

Command command(const std::string& path) {
  return {
      .path = path,
      .summary = "Create an empty voxel spacing in a run.",
      .details =
          "VOXEL_SPACING is the edge of a voxel in angstrom, kept to 0.001. Tomograms of that size "
          "are its "
          "content.\n"
          "\nExamples:\n\n"
          "  copick new voxel-spacing 10.0 --run TS_001 -c config.json",
      .arguments = {{.name = "VOXEL_SPACING"}},
      .options = std::vector<OptionSpec>{config_option(),
                                         {.names = "--run",
                                          .value = Value::text,
                                          .help = "Name of the run to add the voxel spacing to.",
                                          .required = true},
                                         overwrite_option(),
                                         create_option()} +
                 common_options(),
      .run = run};
}

}  // namespace

Command new_voxel_spacing_command() { return command("new voxel-spacing"); }
Command new_voxelspacing_command() {
  return command("new voxelspacing");
}  // the reference's spelling

}  // namespace copick::cli
