#include "frame/reference.h"
#include "verbs/read_output.h"
#include "verbs/verbs.h"

#include <copick/error.h>
#include <copick/ops.h>

#include <fmt/core.h>

#include <algorithm>

namespace copick::cli {

namespace {

// "10:20", "10:", ":20", "10" (one plane) and "" (all).
Range range_of(const Context& context, const std::string& text) {
  const auto bound = [&](const std::string& part, std::int64_t absent) {
    if (part.empty()) return absent;
    const auto value = to_integer(part);
    if (!value || *value < 0)
      context.refuse("Invalid value for '--region': '" + text +
                     "' is not begin:end, a single index, or empty.");
    return *value;
  };
  const auto colon = text.find(':');
  if (text.empty()) return {};
  if (colon == std::string::npos) {
    const std::int64_t index = bound(text, 0);
    return {index, index + 1};
  }
  return {bound(text.substr(0, colon), 0), bound(text.substr(colon + 1), Range::all)};
}

Region region_of(const Context& context) {
  Region region;
  const std::int64_t level = context.args.integer("level").value_or(0);
  if (level < 0) context.refuse("Invalid value for '--level': it must be 0 or more.");
  region.level = static_cast<int>(level);
  const auto text = context.args.maybe_text("region");
  if (!text) return region;
  std::vector<Range> ranges;
  std::size_t at = 0;
  while (at <= text->size()) {
    const auto end = std::min(text->find(',', at), text->size());
    ranges.push_back(range_of(context, text->substr(at, end - at)));
    at = end + 1;
  }
  if (ranges.size() != 3 && ranges.size() != 4) {
    context.refuse("Invalid value for '--region': '" + *text + "' has " +
                   std::to_string(ranges.size()) + " ranges; give z,y,x, or channel,z,y,x.");
  }
  if (ranges.size() == 4) region.channel = ranges.front();
  region.x = ranges.back();
  region.y = ranges[ranges.size() - 2];
  region.z = ranges[ranges.size() - 3];
  return region;
}

int run(Context& context) {
  const Reference reference = parse_reference(context.args.texts("URI"));
  const Region region = region_of(context);
  const Root root = context.open_project();
  const Found entity = find_one(root, reference, context.args.text("run"), "read");
  const std::string output = context.args.text("output");
  if (const Volume* volume = entity.volume()) {
    if (context.json())
      context.refuse("voxels cannot be printed as JSON. Use -o FILE.npy, or 'copick show --json'.");
    write_voxels(context, *volume, region, output);
  } else {
    write_text(context, content_text(context, root, entity), output);
  }
  return 0;
}

}  // namespace

Command read_command() {
  return {.path = "read",
          .summary = "Read voxels, points or triangles.",
          .details =
              "Volumes: a region of one level, as .npy or as raw elements (C order, "
              "little-endian); only the chunks "
              "it touches are decoded. Picks: CSV. Filaments: CSV, one row a point. Meshes: OBJ. "
              "With --json, picks "
              "and filaments as JSON, meshes as counts.\n"
              "\nExamples:\n\n"
              "  copick read wbp@10 -r TS_001 --region 90,0:512,0:512 -o plane.npy\n"
              "  copick read tomogram wbp@10 -r TS_001 --format raw | sha256sum\n"
              "  copick read picks ribosome:alice/1 -r TS_001 > ribosomes.csv",
          .arguments = {{.name = "URI", .repeatable = true}},
          .options =
              std::vector<OptionSpec>{
                  config_option(),
                  {.names = "-r, --run",
                   .value = Value::text,
                   .help = "The run it belongs to. Needed when several runs have it."},
                  {.names = "-o, --output",
                   .value = Value::text,
                   .metavar = "FILE",
                   .fallback = "-",
                   .help = "Where to write; '-' is standard output."},
                  {.names = "--level",
                   .value = Value::integer,
                   .fallback = "0",
                   .help = "Level of the pyramid; 0 is the full resolution."},
                  {.names = "--region",
                   .value = Value::text,
                   .metavar = "Z,Y,X",
                   .help = "Voxels of that level: begin:end for each axis, an index for one "
                           "plane, nothing for all. Four ranges begin with the channel."},
                  {.names = "--format",
                   .value = Value::text,
                   .choices = {"npy", "raw"},
                   .help = "Form of voxels. Default: by the file's extension, else npy."}} +
              computing_options() + common_options(),
          .run = run};
}

}  // namespace copick::cli
