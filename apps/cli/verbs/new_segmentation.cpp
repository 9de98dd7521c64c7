#include "frame/reference.h"
#include "verbs/verbs.h"

#include <copick/error.h>
#include <copick/ops.h>

#include <algorithm>
#include <array>

namespace copick::cli {

namespace {

constexpr std::array<std::string_view, 3> kinds{"binary", "multilabel", "instance"};

// A volume of zeros.
class Zeros : public SlabSource {
 public:
  Zeros(Shape shape, double voxel_size) : shape_(std::move(shape)), voxel_size_(voxel_size) {}
  DType dtype() const override { return DType::uint8; }
  const Shape& shape() const override { return shape_; }
  std::optional<double> voxel_size() const override { return voxel_size_; }
  void read_slab(std::int64_t z_begin, std::int64_t z_end, ArrayView view) override {
    read_box({z_begin, 0, 0}, {z_end, shape_[1], shape_[2]}, std::move(view));
  }
  bool can_read_boxes() const override { return true; }
  void read_box(const Shape&, const Shape&, ArrayView view) override {
    for (std::int64_t z = 0; z < view.shape[0]; ++z)
      for (std::int64_t y = 0; y < view.shape[1]; ++y)
        for (std::int64_t x = 0; x < view.shape[2]; ++x)
          view.data[z * view.strides[0] + y * view.strides[1] + x * view.strides[2]] = std::byte{0};
  }
  std::string where() const override { return "zeros"; }

 private:
  Shape shape_;
  double voxel_size_;
};

ItemReport::Done make_in(const Found& like, const std::string& name, const NewSegmentation& options,
                         bool overwrite) {
  const Tomogram& tomogram = std::get<Tomogram>(like.entity);
  NewSegmentation own = options;
  own.voxel_size = tomogram.voxel_size();
  own.exist_ok = overwrite;
  Run run = *like.run;
  Segmentation made = run.new_segmentation(name, own);
  Zeros zeros(tomogram.shape_of(), own.voxel_size);
  made.write(zeros);
  const std::string uri = uri_of(made);
  return {
      "created segmentation " + uri + " in run " + run.name() + ": " + shape_text(zeros.shape()),
      Json::object({{"run", Json::string(run.name())},
                    {"kind", Json::string("segmentation")},
                    {"uri", Json::string(uri)},
                    {"url", Json::string(made.url())}})};
}

int run(Context& context) {
  const std::string name = context.args.text("NAME");
  NewSegmentation options;
  options.user = context.args.text("user-id");
  options.session = context.args.text("session-id");
  const auto kind = std::find(kinds.begin(), kinds.end(), context.args.text("segmentation-type"));
  options.kind = static_cast<SegmentationKind>(kind - kinds.begin());
  const Root root = context.open_project();
  const std::vector<Run> runs = selected_runs(root, context.args.texts("run-names"));
  const Reference like{Kind::tomogram, context.args.text("tomogram")};
  std::vector<Found> tomograms = find_all(root, like, runs, false);
  prefer_overlay(tomograms);
  if (tomograms.empty()) refuse_missing(root, like, runs, "take the shape of");
  ItemReport report(context);
  for (std::size_t i = 0; i < tomograms.size(); ++i)
    report.run(
        i, [&] { return make_in(tomograms[i], name, options, context.args.flag("overwrite")); });
  return report.finish("run", "runs");
}

}  // namespace

Command new_segmentation_command() {
  return {.path = "new segmentation",
          .summary = "Create an empty segmentation in the shape of a tomogram.",
          .details =
              "All zeros, ready to be painted on.\n"
              "\nExamples:\n\n"
              "  copick new segmentation membrane --tomogram wbp@10.0 --segmentation-type binary "
              "-r TS_001",
          .arguments = {{.name = "NAME"}},
          .options =
              std::vector<OptionSpec>{
                  config_option(),
                  run_names_option(),
                  {.names = "--tomogram",
                   .value = Value::text,
                   .metavar = "URI",
                   .help = "The tomogram whose shape and voxel size it takes, for example "
                           "wbp@10.0.",
                   .required = true},
                  {.names = "--segmentation-type",
                   .value = Value::text,
                   .choices = {"multilabel", "binary", "instance"},
                   .fallback = "multilabel",
                   .help = "What a voxel's value will mean."}} +
              user_session_options() + std::vector<OptionSpec>{overwrite_option()} +
              computing_options() + common_options(),
          .run = run};
}

}  // namespace copick::cli
