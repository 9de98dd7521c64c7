#include "frame/facts.h"
#include "frame/reference.h"
#include "frame/table.h"
#include "verbs/verbs.h"

#include <fmt/core.h>

namespace copick::cli {

namespace {

std::string text_of(const Json& list) {
  std::string text;
  for (const Json& element : list.elements()) {
    text += text.empty() ? "" : " x ";
    text += element.number_text();
  }
  return text;
}

std::string level_table(const Json& levels) {
  Table table(
      {">level", "path", "shape", "dtype", "chunks", "shards", "compressor", ">voxel size"});
  std::size_t index = 0;
  for (const Json& level : levels.elements()) {
    const Json& shards = *level.find("shards");
    const Json& compressor = *level.find("compressor");
    table.add({std::to_string(index++), level.find("path")->as_string(),
               text_of(*level.find("shape")), level.find("dtype")->as_string(),
               text_of(*level.find("chunks")), shards.is_null() ? "" : text_of(shards),
               compressor.is_null() ? "none" : compressor.as_string(),
               fmt::format("{:.3f}", level.find("scale")->elements().back().as_double())});
  }
  return table.text();
}

int run(Context& context) {
  const Reference reference = parse_reference(context.args.texts("URI"));
  const Root root = context.open_project();
  const Found entity = find_one(root, reference, context.args.text("run"), "show");
  const Json facts = full_facts(entity);
  if (context.json()) {
    context.print_json(facts);
    return 0;
  }
  context.results.write(fact_lines(facts, {"levels", "path", "axes"}));
  if (const Json* levels = facts.find("levels")) {
    context.results.line("");
    context.results.write(level_table(*levels));
  }
  return 0;
}

}  // namespace

Command show_command() {
  return {.path = "show",
          .summary = "Show everything known about one entity.",
          .details =
              "Shapes, types, chunks and voxel sizes of volumes; counts, bounds and scores of "
              "points; where it "
              "lies and whether it can be written.\n"
              "\nExamples:\n\n"
              "  copick show tomogram wbp@10 --run TS_001\n"
              "  copick show picks ribosome:alice/1 --run TS_001 --json",
          .arguments = {{.name = "URI", .repeatable = true}},
          .options =
              std::vector<OptionSpec>{
                  config_option(),
                  {.names = "-r, --run",
                   .value = Value::text,
                   .help = "The run it belongs to. Needed when several runs have it."}} +
              common_options(),
          .run = run};
}

}  // namespace copick::cli
