#include "frame/files.h"
#include "frame/progress.h"
#include "frame/volume_options.h"
#include "verbs/verbs.h"

#include <copick/ops.h>
#include <copick/uri.h>

#include <fmt/core.h>

namespace copick::cli {

namespace {

AddTomogram meaning(const Context& context) {
  AddTomogram options;
  options.tomo_type = context.args.text("tomo-type");
  options.input = volume_input(context);
  options.create = context.args.flag("create");
  options.overwrite = context.args.flag("overwrite");
  options.create_pyramid = context.args.flag("create-pyramid");
  const std::int64_t levels = context.args.integer("pyramid-levels").value_or(3);
  if (levels < 1 || levels > 20)
    context.refuse("Invalid value for '--pyramid-levels': it must be from 1 to 20.");
  options.write.levels = static_cast<int>(levels);
  if (const auto chunks = context.args.maybe_text("chunk-size"))
    options.write.chunks = lengths_of("chunk-size", *chunks);
  take_storage(context, options.write);
  return options;
}

ItemReport::Done done(const FileAndRun& file, const Tomogram& tomogram) {
  const LevelInfo level = tomogram.info().levels.front();
  return {fmt::format("added tomogram {} to run {}: {} {}", uri_of(tomogram), file.run,
                      shape_text(level.shape), name_of(level.dtype)),
          Json::object({{"path", Json::string(file.path)},
                        {"run", Json::string(file.run)},
                        {"kind", Json::string("tomogram")},
                        {"uri", Json::string(uri_of(tomogram))},
                        {"url", Json::string(tomogram.url())}})};
}

int run(Context& context) {
  const AddTomogram options = meaning(context);
  const std::vector<FileAndRun> files =
      assign_runs(context, expand_files(context.args.texts("PATH")));
  Root root = context.open_project();
  ItemReport report(context);
  {
    ProgressLine progress(context.messages, files.size() == 1
                                                ? files[0].path
                                                : fmt::format("{} files", files.size()));
    work_in_parallel(context, files.size(), [&](std::size_t i) {
      report.run(i, [&] {
        AddTomogram own = options;
        own.run = files[i].run;
        own.write.progress = progress.callback(i, files.size());
        return done(files[i], add_tomogram(root, files[i].path, own));
      });
    });
  }
  return report.finish("file", "files");
}

}  // namespace

Command add_tomogram_command() {
  return {
      .path = "add tomogram",
      .summary = "Add tomograms to the project.",
      .details =
          "Each PATH is an MRC file (plain, gzip or bzip2), a TIFF stack, a Zarr folder (OME-Zarr "
          "or "
          "bare array, version 2 or 3), a pattern, or - for standard input. Volumes pass through "
          "in tiles, whatever their size; the pyramid is "
          "made on the "
          "way. A failed import leaves nothing behind.\n"
          "\nExamples:\n\n"
          "  copick add tomogram tomo.mrc -c config.json --run TS_001\n"
          "  reconstruct | copick add tomogram - --file-type mrc --run TS_001\n"
          "  copick add tomogram \"*.mrc\" --run-regex \"^(TS_\\d+)\"",
      .arguments = {{.name = "PATH", .repeatable = true}},
      .options =
          std::vector<OptionSpec>{config_option()} + file_to_run_options() +
          std::vector<OptionSpec>{{.names = "--tomo-type",
                                   .value = Value::text,
                                   .fallback = "wbp",
                                   .help = "Type of the tomogram, for example wbp."}} +
          volume_input_options() +
          std::vector<OptionSpec>{
              {.names = "--create-pyramid/--no-create-pyramid",
               .fallback = "create-pyramid",
               .help = "Make coarser levels. Without them the file's own element type is kept."},
              {.names = "--pyramid-levels",
               .value = Value::integer,
               .fallback = "3",
               .help = "How many levels, each half of the one before."},
              {.names = "--chunk-size",
               .value = Value::text,
               .metavar = "Z,Y,X",
               .help = "Chunks of the Zarr array. Default: 256,256,256 for Zarr 2, 128,128,128 for "
                       "Zarr 3."}} +
          storage_options() +
          std::vector<OptionSpec>{overwrite_option(), create_option(), workers_option()} +
          computing_options() + common_options(),
      .run = run};
}

}  // namespace copick::cli
