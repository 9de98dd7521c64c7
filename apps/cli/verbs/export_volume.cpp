// export tomogram and export segmentation: one file (or Zarr folder) for each entity the URI names.
#include "frame/files.h"
#include "frame/progress.h"
#include "frame/reference.h"
#include "verbs/verbs.h"

#include <copick/error.h>
#include <copick/ops.h>

#include <fmt/core.h>

#include <set>

namespace copick::cli {

namespace {

// One file to be written.
struct Item {
  Found entity;
  std::string path;
  std::optional<int> channel;
};

std::string folder_of(const Found& entity, const std::string& output_dir) {
  const std::string run = output_dir + "/" + entity.run->name();
  if (const auto* tomogram = std::get_if<Tomogram>(&entity.entity))
    return fmt::format("{}/VoxelSpacing{:.3f}", run, tomogram->voxel_size());
  constexpr std::string_view folders[] = {"Segmentations", "Segmentations", "InstanceSegmentations",
                                          "PanopticSegmentations"};
  const auto kind = std::get<Segmentation>(entity.entity).kind();
  return run + "/" + std::string(folders[static_cast<std::size_t>(kind)]);
}

std::string name_of_file(const Found& entity) {
  if (const auto* tomogram = std::get_if<Tomogram>(&entity.entity)) return tomogram->tomo_type();
  const auto& segmentation = std::get<Segmentation>(entity.entity);
  return segmentation.name() + "_" + segmentation.user_id() + "_" + segmentation.session_id();
}

bool is_panoptic(const Found& entity) {
  const auto* segmentation = std::get_if<Segmentation>(&entity.entity);
  return segmentation && segmentation->kind() == SegmentationKind::panoptic;
}

// Both channels of a panoptic segmentation are files of their own, unless one is asked for or Zarr
// keeps them together.
std::vector<Item> items_of(const Context& context, const std::vector<Found>& found) {
  const std::string format = context.args.text("output-format");
  const std::string channel = context.args.text("channel");
  const std::string output_dir = context.args.text("output-dir");
  std::vector<Item> items;
  std::set<std::string> taken;
  for (const Found& entity : found) {
    std::string base = folder_of(entity, output_dir) + "/" + name_of_file(entity);
    if (!taken.insert(base).second) {  // the same name at two voxel sizes, or as multilabel too
      base += fmt::format("_{:.3f}", entity.volume()->voxel_size());
      if (!taken.insert(base).second) base += "_multilabel";
      taken.insert(base);
    }
    const std::string end = "." + format;
    if (!is_panoptic(entity))
      items.push_back({entity, base + end, {}});
    else if (!channel.empty())
      items.push_back({entity, base + end, channel == "label" ? 0 : 1});
    else if (format == "zarr")
      items.push_back({entity, base + end, {}});
    else {
      items.push_back({entity, base + "_label" + end, 0});
      items.push_back({entity, base + "_instance" + end, 1});
    }
  }
  return items;
}

void write_item(const Context& context, const Root& root, const Item& item,
                const Progress& progress) {
  const Volume& volume = *item.entity.volume();
  ExportVolume options;
  options.level = static_cast<int>(context.args.integer("level").value_or(0));
  options.channel = item.channel;
  options.progress = progress;
  const std::string format = context.args.text("output-format");
  const bool overwrite = context.args.flag("overwrite");
  if (format == "tiff") return export_tiff(volume, item.path, options);
  if (format == "npy") return export_npy(volume, item.path, options);
  if (format == "mrc") {
    if (item.entity.kind == Kind::tomogram)
      options.dtype = DType::float32;  // as the reference writes them
    return export_mrc(volume, item.path, options);
  }
  if (context.args.flag("copy-all-levels") && !item.channel)
    return export_zarr(root, volume, item.path, overwrite);
  export_zarr_level(volume, item.path, options, overwrite);
}

int run_export(Context& context, Kind kind) {
  const Reference reference{kind, context.args.text(std::string(name_of(kind)) + "-uri")};
  const Root root = context.open_project();
  const std::vector<Run> runs = selected_runs(root, context.args.texts("run-names"));
  std::vector<Found> found = find_all(root, reference, runs, false);
  prefer_overlay(found);
  if (found.empty()) refuse_missing(root, reference, runs, "export");
  const std::vector<Item> items = items_of(context, found);
  ItemReport report(context);
  {
    ProgressLine progress(context.messages,
                          fmt::format("{} file{}", items.size(), items.size() == 1 ? "" : "s"));
    work_in_parallel(context, items.size(), [&](std::size_t i) {
      report.run(i, [&]() -> ItemReport::Done {
        const Item& item = items[i];
        write_item(context, root, item, progress.callback(i, items.size()));
        return {"wrote " + item.path, Json::object({{"run", Json::string(item.entity.run->name())},
                                                    {"uri", Json::string(item.entity.uri)},
                                                    {"file", Json::string(item.path)}})};
      });
    });
  }
  return report.finish("file", "files");
}

Command command(Kind kind, const std::string& example, std::vector<OptionSpec> own) {
  const std::string noun(name_of(kind));
  return {.path = "export " + noun,
          .summary = "Export " + noun + "s to MRC, TIFF, NumPy or Zarr.",
          .details =
              "Files are streamed and appear complete or not at all.\n\nExamples:\n\n  " + example,
          .options =
              std::vector<OptionSpec>{
                  config_option(),
                  run_names_option(),
                  {.names = "--" + noun + "-uri",
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
                   .choices = {"mrc", "npy", "tiff", "zarr"},
                   .help = "Format of the files.",
                   .required = true},
                  {.names = "--level",
                   .value = Value::integer,
                   .fallback = "0",
                   .help = "Level of the pyramid to write."},
                  {.names = "--copy-all-levels/--level-only",
                   .fallback = "copy-all-levels",
                   .help = "Zarr: the whole store as it is, or one level as a new image."},
                  {.names = "--overwrite/--no-overwrite",
                   .fallback = "no-overwrite",
                   .help = "Zarr: replace a folder that is there."}} +
              std::move(own) + std::vector<OptionSpec>{workers_option()} + computing_options() +
              common_options(),
          .run = [kind](Context& context) { return run_export(context, kind); }};
}

}  // namespace

Command export_tomogram_command() {
  return command(Kind::tomogram,
                 "copick export tomogram --tomogram-uri \"wbp@10.0\" --output-dir out "
                 "--output-format mrc",
                 {});
}
Command export_segmentation_command() {
  return command(
      Kind::segmentation,
      "copick export segmentation --segmentation-uri \"membrane:*/*@10.0\" --output-dir out "
      "--output-format mrc",
      {{.names = "--channel",
        .value = Value::text,
        .choices = {"label", "instance"},
        .help =
            "Panoptic segmentations: the channel to write. Default: each to a file of its own."}});
}

}  // namespace copick::cli
