#include "frame/facts.h"
#include "frame/reference.h"
#include "verbs/verbs.h"

#include <copick/ops.h>

namespace copick::cli {

namespace {

ItemReport::Done write_mesh(const Found& entity, const std::string& folder,
                            const std::string& format) {
  const Mesh& mesh = std::get<Mesh>(entity.entity);
  const std::string path = folder + "/" + entity.run->name() + "_" + mesh.object_name() + "_" +
                           mesh.user_id() + "_" + mesh.session_id() + "." + format;
  if (format == "obj")
    write_file(path, as_bytes(mesh_obj(mesh)));
  else
    write_file(path, mesh.scene().to_glb());
  return {"wrote " + path, Json::object({{"run", Json::string(entity.run->name())},
                                         {"uri", Json::string(entity.uri)},
                                         {"file", Json::string(path)}})};
}

int run(Context& context) {
  const Reference reference{Kind::mesh, context.args.text("mesh-uri")};
  const Root root = context.open_project();
  const std::vector<Run> runs = selected_runs(root, context.args.texts("run-names"));
  std::vector<Found> found = find_all(root, reference, runs, false);
  prefer_overlay(found);
  if (found.empty()) refuse_missing(root, reference, runs, "export");
  ItemReport report(context);
  for (std::size_t i = 0; i < found.size(); ++i) {
    report.run(i, [&] {
      return write_mesh(found[i], context.args.text("output-dir"),
                        context.args.text("output-format"));
    });
  }
  return report.finish("mesh", "meshes");
}

}  // namespace

Command export_mesh_command() {
  return {.path = "export mesh",
          .summary = "Export meshes to GLB or OBJ.",
          .details =
              "One file for each mesh: <run>_<object>_<user>_<session>. GLB keeps everything, OBJ "
              "the triangles in "
              "world coordinates (angstrom).\n"
              "\nExamples:\n\n"
              "  copick export mesh --mesh-uri \"membrane:*\" --output-dir out --output-format obj",
          .options = std::vector<OptionSpec>{config_option(),
                                             run_names_option(),
                                             {.names = "--mesh-uri",
                                              .value = Value::text,
                                              .metavar = "URI",
                                              .help = "Which ones; patterns welcome.",
                                              .required = true},
                                             {.names = "--output-dir",
                                              .value = Value::text,
                                              .metavar = "PATH",
                                              .help = "Folder for the files.",
                                              .required = true},
                                             {.names = "--output-format",
                                              .value = Value::text,
                                              .choices = {"glb", "obj"},
                                              .help = "Format of the files.",
                                              .required = true}} +
                     common_options(),
          .run = run};
}

}  // namespace copick::cli
