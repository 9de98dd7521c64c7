#include "frame/context.h"
#include "frame/reference.h"
#include "verbs/verbs.h"

#include <copick/error.h>
#include <copick/ops.h>

#include <fmt/core.h>

#include <algorithm>

namespace copick::cli {

namespace {

constexpr std::size_t most_listed = 10;

void list(Context& context, const std::vector<Found>& found) {
  context.done(
      fmt::format("Would delete {} {}:", found.size(), found.size() == 1 ? "entity" : "entities"));
  for (std::size_t i = 0; i < std::min(most_listed, found.size()); ++i)
    context.done("  " + found[i].text());
  if (found.size() > most_listed)
    context.done(fmt::format("  ... and {} more", found.size() - most_listed));
}

Json facts_of(const Found& entity) {
  return Json::object({{"run", Json::string(entity.run->name())},
                       {"kind", Json::string(name_of(entity.kind))},
                       {"uri", Json::string(entity.uri)}});
}

int run(Context& context) {
  const Reference reference{kind_from_word(context.args.text("KIND")), context.args.text("URI")};
  const bool dry = context.args.flag("dry-run");
  const bool pattern = [&] {
    try {
      return Uri::parse(reference.uri, *uri_kind_from_name(context.args.text("KIND"))).is_pattern();
    } catch (const ValidationError& error) {
      throw UsageError(std::string("Invalid URI: ") + error.what());
    }
  }();
  if (pattern && !dry && !context.args.flag("force")) {
    context.refuse("'" + reference.uri +
                   "' is a pattern (a missing part counts as *) and may name many entities. "
                   "Look with --dry-run, then delete with --force.");
  }
  const Root root = context.open_project();
  std::vector<Run> runs = root.runs();
  const std::string run_name = context.args.text("run");
  if (!run_name.empty()) runs = {require_run(root, run_name, "delete " + reference.text())};
  std::vector<Found> found = find_all(root, reference, runs, false);
  if (found.empty() && !pattern) {
    const std::vector<Found> others = find_all(root, reference, runs, true);
    if (others.empty()) refuse_missing(root, reference, runs, "delete");
    context.refuse("What is there is " + others.front().text() + ": name it so.");
  }
  if (found.empty()) context.messages.remark("Nothing matches " + reference.text() + ".");
  if (prefer_overlay(found) > 0) {
    context.messages.remark(
        "The static source holds entities of the same name; they stay and will show again.");
  }
  if (dry) {
    if (!found.empty()) list(context, found);
    Json items = Json::array();
    for (const Found& entity : found) items.push_back(facts_of(entity));
    if (context.json()) context.print_json(Json::object({{"would_delete", std::move(items)}}));
    return 0;
  }
  ItemReport report(context);
  for (std::size_t i = 0; i < found.size(); ++i) {
    report.run(i, [&]() -> ItemReport::Done {
      Found entity = found[i];
      std::visit([](auto& value) { value.remove(); }, entity.entity);
      return {"deleted " + entity.text(), facts_of(entity)};
    });
  }
  return report.finish("entity", "entities");
}

}  // namespace

Command rm_command() {
  return {.path = "rm",
          .summary = "Remove entities by URI.",
          .details =
              "Only data of the overlay can be removed; the static source is never touched. A "
              "tomogram goes with "
              "its feature maps. A URI that may name several entities (a pattern, or one with "
              "parts left out) "
              "needs --force, or --dry-run to look first.\n"
              "\nExamples:\n\n"
              "  copick rm picks ribosome:alice/1 --run TS_001\n"
              "  copick rm segmentation \"membrane:*/*@10.0\" --dry-run",
          .arguments = {{.name = "KIND",
                         .choices = {"picks", "filaments", "mesh", "segmentation", "tomogram",
                                     "feature"}},
                        {.name = "URI"}},
          .options =
              std::vector<OptionSpec>{
                  config_option(),
                  {.names = "-r, --run",
                   .value = Value::text,
                   .help = "Specific run to operate on. Default: all runs."},
                  {.names = "--dry-run", .help = "Show what would be deleted without deleting it."},
                  {.names = "--force", .help = "Required for patterns."}} +
              common_options(),
          .run = run};
}

}  // namespace copick::cli
