#include "frame/reference.h"
#include "verbs/verbs.h"

#include <copick/error.h>
#include <copick/ops.h>

#include <fmt/core.h>

namespace copick::cli {

namespace {

ExportPicks meaning(const Context& context) {
  const Arguments& args = context.args;
  ExportPicks options;
  options.file_type = args.text("output-format") == "star" ? PicksFile::star : PicksFile::csv;
  options.voxel_size = args.number("voxel-size");
  if (options.file_type == PicksFile::star && !options.voxel_size)
    context.refuse("--voxel-size is required for STAR format export.");
  if (options.voxel_size && !(*options.voxel_size > 0))
    context.refuse("Invalid value for '--voxel-size': it must be a positive number of angstrom.");
  options.tilt_series_pixel_size = args.number("tilt-series-pixel-size");
  options.tomograms_star = args.text("tomograms-star");
  options.tomo_type = args.text("tomo-type");
  options.centred_only = args.text("coordinates") == "centered";
  options.optics = args.flag("include-optics");
  using Columns = ExportPicks::FilamentColumns;
  const std::string columns = args.text("filament-columns");
  options.filament_columns = columns == "on"    ? Columns::on
                             : columns == "off" ? Columns::off
                                                : Columns::automatic;
  if (args.text("filament-angles") == "pose")
    options.filament_angles = ExportPicks::FilamentAngles::pose;
  options.polarity_from_filaments = args.flag("polarity-from-filaments");
  options.filaments_uri = args.text("filaments-uri");
  options.half_sets = args.text("half-sets") == "filament";
  return options;
}

std::string file_name(const Found& entity, const std::string& extension) {
  const Picks& picks = std::get<Picks>(entity.entity);
  return entity.run->name() + "_" + picks.object_name() + "_" + picks.user_id() + "_" +
         picks.session_id() + "." + extension;
}

int write_each(Context& context, const Root& root, const std::vector<Found>& found,
               const ExportPicks& options) {
  ItemReport report(context);
  for (std::size_t i = 0; i < found.size(); ++i) {
    report.run(i, [&]() -> ItemReport::Done {
      const Picks& picks = std::get<Picks>(found[i].entity);
      const std::string path = context.args.text("output-dir") + "/" +
                               file_name(found[i], context.args.text("output-format"));
      write_file(path, as_bytes(picks_text(root, std::span(&picks, 1), options)));
      return {"wrote " + path, Json::object({{"run", Json::string(found[i].run->name())},
                                             {"uri", Json::string(found[i].uri)},
                                             {"points", Json::unsigned_integer(picks.size())},
                                             {"file", Json::string(path)}})};
    });
  }
  return report.finish("file", "files");
}

int write_together(Context& context, const Root& root, const std::vector<Found>& found,
                   const ExportPicks& options) {
  const std::string path = context.args.text("output-file");
  std::vector<Picks> picks;
  std::size_t points = 0;
  for (const Found& entity : found) {
    picks.push_back(std::get<Picks>(entity.entity));
    points += picks.back().size();
  }
  std::vector<std::string> files{path};
  if (context.args.text("star-layout") == "import")
    files = export_coordinate_files(root, picks, path, options);
  else
    write_file(path, as_bytes(picks_text(root, picks, options)));
  Json written = Json::array();
  for (const std::string& file : files) {
    context.done("wrote " + file);
    written.push_back(Json::string(file));
  }
  if (context.json())
    context.print_json(
        Json::object({{"files", std::move(written)}, {"points", Json::unsigned_integer(points)}}));
  return 0;
}

int run(Context& context) {
  const Arguments& args = context.args;
  if (args.has("output-dir") == args.has("output-file"))
    context.refuse(
        "Give either --output-dir (one file for each picks) or --output-file (one file for all).");
  if (args.text("star-layout") == "import" &&
      (!args.has("output-file") || args.text("output-format") != "star"))
    context.refuse("--star-layout import needs --output-file and --output-format star.");
  const ExportPicks options = meaning(context);
  const Root root = context.open_project();
  const Reference reference{Kind::picks, args.text("picks-uri")};
  const std::vector<Run> runs = selected_runs(root, args.texts("run-names"));
  std::vector<Found> found = find_all(root, reference, runs, false);
  prefer_overlay(found);
  if (found.empty()) refuse_missing(root, reference, runs, "export");
  return args.has("output-dir") ? write_each(context, root, found, options)
                                : write_together(context, root, found, options);
}

std::vector<OptionSpec> star_options() {
  return {
      {.names = "--voxel-size",
       .value = Value::number,
       .help = "Voxel size in angstrom; required for STAR, whose centres are those of tomograms of "
               "this size."},
      {.names = "--include-optics/--no-include-optics",
       .fallback = "include-optics",
       .help = "STAR: write the optics table when pixel sizes are known."},
      {.names = "--tilt-series-pixel-size",
       .value = Value::number,
       .help =
           "STAR: adds coordinates in tilt-series pixels and the optics table RELION requires."},
      {.names = "--tomograms-star",
       .value = Value::existing_file,
       .metavar = "FILE",
       .help = "STAR: RELION's tomograms.star, for centres, pixel sizes and optics."},
      {.names = "--star-layout",
       .value = Value::text,
       .choices = {"particles", "import"},
       .fallback = "particles",
       .help = "STAR: 'import' makes --output-file the index of RELION's Import Coordinates job, "
               "with one file a run "
               "in coordinates/ beside it."},
      {.names = "--tomo-type",
       .value = Value::text,
       .help = "STAR: the tomogram whose shape gives the centre. Default: the first by name."},
      {.names = "--coordinates",
       .value = Value::text,
       .choices = {"auto", "centered"},
       .fallback = "auto",
       .help = "STAR: 'centered' writes centered coordinates only and fails where a centre is not "
               "known."},
      {.names = "--filament-columns",
       .value = Value::text,
       .choices = {"auto", "on", "off"},
       .fallback = "auto",
       .help = "STAR: RELION's filament columns; 'auto' when every object is declared a filament."},
      {.names = "--polarity-from-filaments/--no-polarity-from-filaments",
       .fallback = "polarity-from-filaments",
       .help = "STAR: take the polarity from the filaments."},
      {.names = "--filaments-uri",
       .value = Value::text,
       .metavar = "URI",
       .help = "STAR: the filaments that state the polarity. Default: those under the picks' own "
               "names."},
      {.names = "--filament-angles",
       .value = Value::text,
       .choices = {"frame", "pose"},
       .fallback = "frame",
       .help = "STAR: the filament's frame as subtomogram angles with priors, or each pick's own "
               "rotation."},
      {.names = "--half-sets",
       .value = Value::text,
       .choices = {"none", "filament"},
       .fallback = "none",
       .help = "STAR: 'filament' puts whole filaments into one half of a refinement."}};
}

}  // namespace

Command export_picks_command() {
  return {.path = "export picks",
          .summary = "Export picks to CSV or RELION STAR.",
          .details =
              "With --output-dir one file for each picks, <run>_<object>_<user>_<session>; with "
              "--output-file all of "
              "them in one.\n"
              "\nExamples:\n\n"
              "  copick export picks --picks-uri \"ribosome:alice/*\" --output-dir out "
              "--output-format csv\n"
              "  copick export picks --picks-uri \"ribosome:*\" --output-file particles.star \\\n"
              "      --output-format star --voxel-size 10",
          .options = std::vector<OptionSpec>{config_option(),
                                             run_names_option(),
                                             {.names = "--picks-uri",
                                              .value = Value::text,
                                              .metavar = "URI",
                                              .help = "Which ones; patterns welcome.",
                                              .required = true},
                                             {.names = "--output-dir",
                                              .value = Value::text,
                                              .metavar = "PATH",
                                              .help = "Folder for one file each."},
                                             {.names = "--output-file",
                                              .value = Value::text,
                                              .metavar = "PATH",
                                              .help = "One file for all."},
                                             {.names = "--output-format",
                                              .value = Value::text,
                                              .choices = {"star", "csv"},
                                              .help = "Format of the files.",
                                              .required = true}} +
                     star_options() + common_options(),
          .run = run};
}

}  // namespace copick::cli
