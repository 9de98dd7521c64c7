#include "frame/files.h"
#include "verbs/verbs.h"

#include <copick/ops.h>
#include <copick/uri.h>

#include <fmt/core.h>

namespace copick::cli {

namespace {

AddPicks meaning(const Context& context) {
  const Arguments& args = context.args;
  AddPicks options;
  options.object = args.text("object-name");
  options.user_id = args.text("user-id");
  options.session_id = args.text("session-id");
  options.voxel_size = args.number("voxel-size");
  options.tilt_series_pixel_size = args.number("tilt-series-pixel-size");
  for (const auto& [name, size] :
       {std::pair("voxel-size", options.voxel_size),
        std::pair("tilt-series-pixel-size", options.tilt_series_pixel_size)}) {
    if (size && !(*size > 0))
      context.refuse(std::string("Invalid value for '--") + name +
                     "': it must be a positive number of angstrom.");
  }
  options.tomograms_star = args.text("tomograms-star");
  if (args.text("file-type") == "csv") options.file_type = PicksFile::csv;
  if (args.text("file-type") == "star") options.file_type = PicksFile::star;
  if (args.text("relion-version") == "relion4") options.relion_version = RelionVersion::relion4;
  if (args.text("relion-version") == "relion5") options.relion_version = RelionVersion::relion5;
  options.create = args.flag("create");
  options.overwrite = args.flag("overwrite");
  return options;
}

ItemReport::Done done(const std::string& path, const std::vector<Picks>& added) {
  ItemReport::Done result;
  Json picks = Json::array();
  for (const Picks& entity : added) {
    const std::string run = entity.run().name();
    result.line += fmt::format("{}added picks {} to run {}: {} points",
                               result.line.empty() ? "" : "\n", uri_of(entity), run, entity.size());
    picks.push_back(Json::object({{"run", Json::string(run)},
                                  {"kind", Json::string("picks")},
                                  {"uri", Json::string(uri_of(entity))},
                                  {"points", Json::unsigned_integer(entity.size())},
                                  {"url", Json::string(entity.url())}}));
  }
  result.facts = Json::object({{"path", Json::string(path)}, {"picks", std::move(picks)}});
  return result;
}

int run(Context& context) {
  const AddPicks options = meaning(context);
  const std::vector<std::string> files = expand_files(context.args.texts("PATH"));
  RunNaming naming{context.args.text("run"), context.args.text("run-regex"),
                   context.args.text("run-name-prefix")};
  if (files.size() > 1 && !naming.run.empty()) {
    context.messages.warning("--run is ignored: there are several files.");
    naming.run.clear();
  }
  const bool named_by_user =
      !naming.run.empty() || context.args.has("run-regex") || context.args.has("run-name-prefix");
  Root root = context.open_project();
  ItemReport report(context);
  // One file at a time: several tables may hold rows of one run.
  for (std::size_t i = 0; i < files.size(); ++i) {
    const auto run_name = run_name_of(files[i], naming);
    if (!run_name) {
      context.messages.warning("skipped " + files[i] + ": its name does not fit '" + naming.regex +
                               "'");
      continue;
    }
    AddPicks own = options;
    (named_by_user ? own.run : own.run_if_unnamed) = *run_name;
    report.run(i, [&] { return done(files[i], add_picks(root, files[i], own)); });
  }
  return report.finish("file", "files");
}

}  // namespace

Command add_picks_command() {
  return {
      .path = "add picks",
      .summary = "Add picks from CSV and RELION STAR tables.",
      .details =
          "Rows go to the run their table names (run_name, rlnTomoName), else to the run of the "
          "file's name. With "
          "--run only that tomogram's rows are taken; a table of a single tomogram goes to --run "
          "whatever it "
          "calls it. Scores and instance ids are kept.\n"
          "\n"
          "STAR coordinates are, in this order: centred ones relative to the tomogram's centre (of "
          "--tomograms-star or of the project's tomogram); pixels of the tilt series "
          "(--tilt-series-pixel-size, or the optics table); pixels of --voxel-size. rlnOrigin "
          "offsets and "
          "subtomogram angles are applied.\n"
          "\nExamples:\n\n"
          "  copick add picks particles.csv --object-name ribosome -c config.json\n"
          "  copick add picks particles.star --object-name ribosome --voxel-size 10 --run TS_001",
      .arguments = {{.name = "PATH", .repeatable = true}},
      .options =
          std::vector<OptionSpec>{config_option()} + file_to_run_options() +
          std::vector<OptionSpec>{{.names = "--object-name",
                                   .value = Value::text,
                                   .help = "Name of the pickable object.",
                                   .required = true}} +
          user_session_options() +
          std::vector<OptionSpec>{
              {.names = "--voxel-size",
               .value = Value::number,
               .help = "Voxel size in angstrom of the tomogram the picks were made in (STAR)."},
              {.names = "--tilt-series-pixel-size",
               .value = Value::number,
               .help = "Pixel size in angstrom of the tilt series (STAR)."},
              {.names = "--tomograms-star",
               .value = Value::existing_file,
               .metavar = "FILE",
               .help = "RELION's tomograms.star: centres and pixel sizes of the tomograms (STAR)."},
              {.names = "--relion-version",
               .value = Value::text,
               .choices = {"auto", "relion4", "relion5"},
               .fallback = "auto",
               .help = "relion5 takes centred coordinates only, relion4 pixels only (STAR)."},
              {.names = "--file-type",
               .value = Value::text,
               .choices = {"star", "csv"},
               .help = "Type of the file. Default: by its extension."},
              {.names = "--max-workers",
               .value = Value::integer,
               .fallback = "4",
               .help = "Accepted for old scripts; tables are read one after the other."},
              overwrite_option(),
              create_option()} +
          common_options(),
      .run = run};
}

}  // namespace copick::cli
