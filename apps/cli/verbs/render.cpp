#include "frame/reference.h"
#include "verbs/verbs.h"

#include <copick/error.h>
#include <copick/ops.h>

#include <fmt/core.h>

#include <cctype>

namespace copick::cli {

namespace {

Render meaning(const Context& context) {
  const Arguments& args = context.args;
  Render options;
  if (const auto level = args.integer("level")) options.level = static_cast<int>(*level);
  if (const auto axis = args.maybe_text("axis"))
    options.axis = *axis == "z" ? 0 : *axis == "y" ? 1 : 2;
  if (const auto index = args.integer("index")) {
    if (!options.axis) options.axis = 0;
    options.index = index;
  }
  options.channel = static_cast<int>(args.integer("channel").value_or(0));
  const std::int64_t pixels = args.integer("pixels").value_or(1000);
  if (pixels < 64 || pixels > 16384)
    context.refuse("Invalid value for '--pixels': it must be from 64 to 16384.");
  options.pixels = static_cast<int>(pixels);
  const std::string contrast = args.text("contrast");
  const auto comma = contrast.find(',');
  const auto low = to_number(contrast.substr(0, comma));
  const auto high =
      comma == std::string::npos ? std::nullopt : to_number(contrast.substr(comma + 1));
  if (!low || !high)
    context.refuse("Invalid value for '--contrast': '" + contrast + "' is not LOW,HIGH.");
  options.darkest = *low;
  options.brightest = *high;
  options.scale_bar = args.flag("scale-bar");
  return options;
}

// Everything of `kind` that the URI names in the volume's run.
std::vector<Found> in_run_of(const Context& context, const Root& root, const Found& base, Kind kind,
                             const std::string& uri) {
  if (!base.run)
    context.refuse("--" + std::string(name_of(kind)) + " needs a volume that belongs to a run.");
  std::vector<Found> found = find_all(root, {kind, uri}, {*base.run}, uri == "*");
  prefer_overlay(found);
  if (found.empty() && uri != "*")
    found.push_back(find_one(root, {kind, uri}, base.run->name(), "draw"));
  return found;
}

void take_annotations(const Context& context, const Root& root, const Found& base,
                      Render& options) {
  std::vector<std::string> picks = context.args.texts("picks");
  if (context.args.flag("all-picks")) picks.assign(1, "*");
  for (const std::string& uri : picks)
    for (const Found& found : in_run_of(context, root, base, Kind::picks, uri))
      options.picks.push_back(std::get<Picks>(found.entity));
  for (const std::string& uri : context.args.texts("segmentation"))
    for (const Found& found : in_run_of(context, root, base, Kind::segmentation, uri))
      options.segmentations.push_back(std::get<Segmentation>(found.entity));
}

std::string default_name(const Found& entity) {
  std::string name = (entity.run ? entity.run->name() + "_" : "") + entity.uri;
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '.' && c != '-' && c != '_') c = '_';
  return name + ".png";
}

int run(Context& context) {
  const Reference reference = parse_reference(context.args.texts("URI"));
  Render options = meaning(context);
  const Root root = context.open_project();
  const Found entity = find_one(root, reference, context.args.text("run"), "render");
  if (!entity.volume())
    context.refuse(entity.text() + " is not a volume. Draw it over one: --picks URI.");
  take_annotations(context, root, entity, options);
  std::string output = context.args.text("output");
  if (output == "-" && context.results.is_terminal())
    context.refuse("a picture on a terminal helps nobody. Give a file: -o FILE.png.");
  const auto* segmentation = std::get_if<Segmentation>(&entity.entity);
  const Bytes png = segmentation ? render_png(root, *segmentation, options)
                                 : render_png(root, *entity.volume(), options);
  if (output == "-") {
    context.results.write_bytes(png);
    return 0;
  }
  if (output.empty()) output = default_name(entity);
  write_file(output, png);
  context.done("drew " + entity.text() + " as " + output);
  if (context.json()) context.print_json(Json::object({{"file", Json::string(output)}}));
  return 0;
}

std::vector<OptionSpec> render_options() {
  return {
      config_option(),
      {.names = "-r, --run",
       .value = Value::text,
       .help = "The run it belongs to. Needed when several runs have it."},
      {.names = "-o, --output",
       .value = Value::text,
       .metavar = "FILE",
       .help = "The PNG to write; '-' is standard output. Default: a name made of run and URI."},
      {.names = "--axis",
       .value = Value::text,
       .choices = {"z", "y", "x"},
       .help = "Draw one slice across this axis. Default: three slices through the middle."},
      {.names = "--index",
       .value = Value::integer,
       .help = "Which slice, in voxels of the full resolution. Default: the middle; without --axis "
               "along z."},
      {.names = "--picks",
       .value = Value::text,
       .metavar = "URI",
       .help = "Picks to draw, as circles where their spheres meet the slice. Repeatable; patterns "
               "welcome.",
       .repeatable = true},
      {.names = "--all-picks", .help = "Draw all picks of the run."},
      {.names = "--segmentation",
       .value = Value::text,
       .metavar = "URI",
       .help = "Segmentations to tint the slices with. Repeatable.",
       .repeatable = true},
      {.names = "--level",
       .value = Value::integer,
       .help = "Level of the pyramid. Default: coarse enough for --pixels."},
      {.names = "--pixels",
       .value = Value::integer,
       .fallback = "1000",
       .help = "Longer side aimed at; small volumes are enlarged up to 16 times."},
      {.names = "--contrast",
       .value = Value::text,
       .metavar = "LOW,HIGH",
       .fallback = "0.5,99.5",
       .help = "Percentiles that become black and white."},
      {.names = "--channel",
       .value = Value::integer,
       .fallback = "0",
       .help = "Channel of a 4-D volume."},
      {.names = "--scale-bar/--no-scale-bar",
       .fallback = "scale-bar",
       .help = "Draw a scale bar."}};
}

}  // namespace

Command render_command() {
  return {.path = "render",
          .summary = "Draw a volume, its labels and picks as a picture.",
          .details =
              "A PNG of one slice, or of three slices through the middle: x-y, z-y to the right, "
              "x-z below. Only the "
              "slices shown are read.\n"
              "\nExamples:\n\n"
              "  copick render wbp@10 -r TS_001 --all-picks -o TS_001.png\n"
              "  copick render wbp@10 -r TS_001 --axis z --index 90 --segmentation \"membrane:*\"",
          .arguments = {{.name = "URI", .repeatable = true}},
          .options = render_options() + computing_options() + common_options(),
          .run = run};
}

}  // namespace copick::cli
