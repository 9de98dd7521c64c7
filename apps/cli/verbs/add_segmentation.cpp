#include "frame/files.h"
#include "frame/progress.h"
#include "frame/volume_options.h"
#include "verbs/verbs.h"

#include <copick/ops.h>
#include <copick/uri.h>

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace copick::cli {

namespace {

constexpr std::array<std::string_view, 4> kinds{"binary", "multilabel", "instance", "panoptic"};

AddSegmentation meaning(const Context& context) {
  AddSegmentation options;
  options.name = context.args.text("name");
  options.user_id = context.args.text("user-id");
  options.session_id = context.args.text("session-id");
  const auto kind = std::find(kinds.begin(), kinds.end(), context.args.text("segmentation-type"));
  options.kind = static_cast<SegmentationKind>(kind - kinds.begin());
  options.input = volume_input(context);
  options.create = context.args.flag("create");
  options.overwrite = context.args.flag("overwrite");
  take_storage(context, options.write);
  return options;
}

ItemReport::Done done(const FileAndRun& file, const Segmentation& segmentation) {
  const LevelInfo level = segmentation.info().levels.front();
  return {fmt::format("added segmentation {} to run {}: {} {}", uri_of(segmentation), file.run,
                      shape_text(level.shape), name_of(level.dtype)),
          Json::object({{"path", Json::string(file.path)},
                        {"run", Json::string(file.run)},
                        {"kind", Json::string("segmentation")},
                        {"uri", Json::string(uri_of(segmentation))},
                        {"url", Json::string(segmentation.url())}})};
}

int run(Context& context) {
  const AddSegmentation options = meaning(context);
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
        AddSegmentation own = options;
        own.run = files[i].run;
        own.write.progress = progress.callback(i, files.size());
        return done(files[i], add_segmentation(root, files[i].path, own));
      });
    });
  }
  return report.finish("file", "files");
}

}  // namespace

Command add_segmentation_command() {
  return {
      .path = "add segmentation",
      .summary = "Add segmentations to the project.",
      .details =
          "Voxels become the smallest unsigned type that holds every label; a volume with a "
          "negative or "
          "fractional value is refused, nothing wraps. In binary and instance segmentations NAME "
          "is a "
          "pickable object; panoptic ones come from two-channel Zarr.\n"
          "\nExamples:\n\n"
          "  copick add segmentation labels.mrc --name membrane --run TS_001 -c config.json",
      .arguments = {{.name = "PATH", .repeatable = true}},
      .options =
          std::vector<OptionSpec>{config_option()} + file_to_run_options() +
          std::vector<OptionSpec>{
              {.names = "--name",
               .value = Value::text,
               .help = "Name of the segmentation.",
               .required = true},
              {.names = "--segmentation-type",
               .value = Value::text,
               .choices = {"multilabel", "binary", "instance", "panoptic"},
               .fallback = "multilabel",
               .help =
                   "What a voxel's value means: an object's label; 1 inside the object NAME; the "
                   "instance within the object NAME; or label and instance in two channels."}} +
          user_session_options() + volume_input_options() + storage_options() +
          std::vector<OptionSpec>{overwrite_option(), create_option(), workers_option()} +
          computing_options() + common_options(),
      .run = run};
}

}  // namespace copick::cli
