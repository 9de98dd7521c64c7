#include "frame/facts.h"
#include "frame/reference.h"
#include "frame/table.h"
#include "frame/tree.h"
#include "verbs/verbs.h"

#include <copick/error.h>
#include <copick/ops.h>

#include <fmt/core.h>

namespace copick::cli {

namespace {

int list_runs(Context& context, const std::vector<Run>& runs) {
  Json items = Json::array();
  Table table({"run", "voxel sizes", ">segmentations", ">picks", ">meshes", ">filaments"});
  const bool full = context.args.flag("long");
  if (full) preload(runs);
  for (const Run& run : runs) {
    std::string sizes;
    Json facts =
        Json::object({{"run", Json::string(run.name())}, {"url", Json::string(run.url())}});
    if (full) {
      Json spacings = Json::array();
      for (const VoxelSpacing& spacing : run.voxel_spacings()) {
        sizes += fmt::format("{}{:.3f}", sizes.empty() ? "" : " ", spacing.voxel_size());
        spacings.push_back(Json::number(spacing.voxel_size()));
      }
      facts["voxel_sizes"] = std::move(spacings);
      facts["segmentations"] = Json::unsigned_integer(run.segmentations().size());
      facts["picks"] = Json::unsigned_integer(run.picks().size());
      facts["meshes"] = Json::unsigned_integer(run.meshes().size());
      facts["filaments"] = Json::unsigned_integer(run.filaments().size());
      table.add({run.name(), sizes, facts.find("segmentations")->number_text(),
                 facts.find("picks")->number_text(), facts.find("meshes")->number_text(),
                 facts.find("filaments")->number_text()});
    } else if (!context.json()) {
      context.results.line(run.name());
    }
    items.push_back(std::move(facts));
  }
  if (context.json())
    context.print_json(items);
  else if (full)
    context.results.write(table.text());
  return 0;
}

// A broken file is reported and the listing goes on.
int list_entities(Context& context, const std::vector<Found>& found) {
  const bool full = context.args.flag("long");
  int code = 0;
  Json items = Json::array();
  Table table({"run", "kind", "uri", "origin", "content"});
  for (const Found& entity : found) {
    std::string content;
    Json facts = identity_facts(entity);
    try {
      if (full) content = summary_of(entity);
      if (full && context.json()) facts = full_facts(entity);
    } catch (const Error& error) {
      context.messages.error(error.what());
      content = "cannot be read";
      code = 1;
    }
    items.push_back(facts);
    table.add({entity.run ? entity.run->name() : "-", std::string(name_of(entity.kind)), entity.uri,
               full ? facts.find("origin")->as_string() : "", content});
  }
  if (context.json()) {
    context.print_json(items);
  } else if (full) {
    context.results.write(table.text());
  } else {
    context.results.write(table.body());
  }
  return code;
}

Preload needed_for(std::optional<Kind> kind) {
  if (!kind) return {};
  return {.images = *kind == Kind::tomogram || *kind == Kind::feature,
          .segmentations = *kind == Kind::segmentation,
          .picks = *kind == Kind::picks,
          .meshes = *kind == Kind::mesh,
          .filaments = *kind == Kind::filaments};
}

int run(Context& context) {
  const std::vector<std::string> words = context.args.texts("URI");
  const Root root = context.open_project();
  const std::vector<Run> runs = selected_runs(root, context.args.texts("run"));
  if (words.size() == 1 && (words[0] == "runs" || words[0] == "run"))
    return list_runs(context, runs);
  const Reference reference = parse_reference(words);
  preload(runs, needed_for(reference.kind));
  if (words.empty() && !context.json() && !context.args.flag("long")) {
    context.results.write(project_tree(root, runs));
    return 0;
  }
  const std::vector<Found> found = find_all(root, reference, runs, true);
  if (found.empty() && !words.empty()) context.messages.remark("Nothing matches.");
  return list_entities(context, found);
}

}  // namespace

Command ls_command() {
  return {.path = "ls",
          .summary = "List what a project holds.",
          .details =
              "Without words, the whole project as a tree. With a KIND (tomogram, feature, "
              "segmentation, picks, "
              "mesh, filaments, object, run) and a URI, one line for each entity: run, kind and "
              "the URI that "
              "names it. Patterns with * ? [ are welcome; segmentations of every type are shown.\n"
              "\nExamples:\n\n"
              "  copick ls\n"
              "  copick ls picks \"ribosome:*\" --long\n"
              "  copick ls tomogram:wbp@10 -r \"TS_*\" --json",
          .arguments = {{.name = "URI", .required = false, .repeatable = true}},
          .options =
              std::vector<OptionSpec>{
                  config_option(),
                  {.names = "-r, --run",
                   .value = Value::text,
                   .help = "Runs to list: names or patterns. Repeatable.",
                   .repeatable = true},
                  {.names = "-l, --long",
                   .help = "Where it lies and what is in it; reads metadata and files."}} +
              common_options(),
          .run = run};
}

}  // namespace copick::cli
