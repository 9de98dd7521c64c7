// sync: what one project holds, made to be in another.
#include "frame/context.h"
#include "frame/progress.h"
#include "verbs/verbs.h"

#include <copick/error.h>
#include <copick/sync.h>

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>

namespace copick::cli {

namespace {

struct KindWord {
  const char* word;
  SyncKind kind;
};
constexpr KindWord kKinds[] = {
    {"picks", SyncKind::picks},
    {"meshes", SyncKind::meshes},
    {"mesh", SyncKind::meshes},
    {"filaments", SyncKind::filaments},
    {"segmentations", SyncKind::segmentations},
    {"segmentation", SyncKind::segmentations},
    {"tomograms", SyncKind::tomograms},
    {"tomogram", SyncKind::tomograms},
    {"features", SyncKind::features},
    {"objects", SyncKind::objects},
};

std::optional<SyncKind> kind_of(const std::string& word) {
  for (const KindWord& row : kKinds) {
    if (word == row.word) return row.kind;
  }
  return std::nullopt;
}

std::vector<std::string> comma_list(const std::string& text) {
  std::vector<std::string> items;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find(',', start), text.size());
    const std::string item = text.substr(start, end - start);
    const std::size_t first = item.find_first_not_of(' ');
    if (first != std::string::npos) {
      items.push_back(item.substr(first, item.find_last_not_of(' ') - first + 1));
    }
    start = end + 1;
  }
  return items;
}

// --source-x "a,b" says which, --target-x "a:c" what they are called; one that is not in the second
// list keeps its name, and the second alone says which too.
SyncNames names_of(const Context& context, const std::string& what) {
  SyncNames names;
  const auto mapping = context.args.maybe_text("target-" + what);
  const auto wanted = context.args.maybe_text("source-" + what);
  SyncNames called;
  for (const std::string& pair : comma_list(mapping.value_or(""))) {
    const std::size_t colon = pair.find(':');
    called[pair.substr(0, colon)] = colon == std::string::npos ? pair : pair.substr(colon + 1);
  }
  if (!wanted) return called;
  for (const std::string& name : comma_list(*wanted)) {
    const auto found = called.find(name);
    names[name] = found == called.end() ? name : found->second;
  }
  if (names.empty()) context.refuse("--source-" + what + " names nothing.");
  return names;
}

struct Ends {
  std::string source, target;
};

// [KIND] [SOURCE TARGET]; without the two, -c and --target-config.
Ends ends_of(const Context& context, SyncOptions& options) {
  std::vector<std::string> words = context.args.texts("PLACE");
  if (!words.empty()) {
    if (const auto kind = kind_of(words[0])) {
      options.kinds = {*kind};
      words.erase(words.begin());
    }
  }
  const auto target = context.args.maybe_text("target-config");
  if (words.size() == 2 && !target) return {words[0], words[1]};
  if (words.size() == 1 && !target) return {context.config_path(), words[0]};
  if (words.empty() && target) return {context.config_path(), *target};
  context.refuse("Give SOURCE and TARGET, or -c and --target-config.");
}

SyncOptions meaning(const Context& context) {
  SyncOptions options;
  options.runs = names_of(context, "runs");
  options.objects = names_of(context, "objects");
  options.users = names_of(context, "users");
  options.names = names_of(context, "names");
  options.tomo_types = names_of(context, "tomo-types");
  for (const std::string& text :
       comma_list(context.args.maybe_text("voxel-spacings").value_or(""))) {
    const auto size = to_number(text);
    if (!size) context.refuse("--voxel-spacings: '" + text + "' is no number.");
    options.voxel_sizes.push_back(*size);
  }
  for (const std::string& word : comma_list(context.args.maybe_text("only").value_or(""))) {
    const auto kind = kind_of(word);
    if (!kind) {
      context.refuse("--only: '" + word +
                     "' is none of picks, meshes, filaments, segmentations, tomograms, features, "
                     "objects.");
    }
    options.kinds.insert(*kind);
  }
  options.exist_ok = context.args.flag("exist-ok");
  options.dry_run = context.args.flag("dry-run");
  options.size_only = context.args.flag("size-only");
  options.verify = context.args.flag("verify");
  options.workers = static_cast<int>(context.args.integer("max-workers").value_or(8));
  return options;
}

std::string_view word_of(SyncOutcome outcome, bool dry_run) {
  switch (outcome) {
    case SyncOutcome::copied:
      return dry_run ? "would copy" : "copied";
    case SyncOutcome::replaced:
      return dry_run ? "would replace" : "replaced";
    case SyncOutcome::unchanged:
      return "unchanged";
    case SyncOutcome::conflict:
      return "conflict";
    default:
      return "failed";
  }
}

Json facts_of(const SyncedEntity& entity, bool dry_run) {
  Json facts = Json::object({{"kind", Json::string(entity.kind)},
                             {"run", entity.run.empty() ? Json() : Json::string(entity.run)},
                             {"outcome", Json::string(word_of(entity.outcome, dry_run))},
                             {"from", Json::string(entity.from)},
                             {"to", Json::string(entity.to)},
                             {"files", Json::unsigned_integer(entity.values)},
                             {"bytes", Json::unsigned_integer(entity.bytes)},
                             {"found_from_before", Json::unsigned_integer(entity.resumed)}});
  if (!entity.problem.empty()) facts["problem"] = Json::string(entity.problem);
  return facts;
}

int show(Context& context, const SyncReport& report, bool dry_run) {
  Json list = Json::array();
  for (const SyncedEntity& entity : report.entities) {
    list.push_back(facts_of(entity, dry_run));
    const bool bad =
        entity.outcome == SyncOutcome::conflict || entity.outcome == SyncOutcome::failed;
    if (bad) {
      context.messages.remark(entity.outcome == SyncOutcome::conflict
                                  ? entity.to + ": " + entity.problem
                                  : entity.problem);
    } else if (entity.outcome != SyncOutcome::unchanged && entity.kind != "meta") {
      context.done(
          fmt::format("{} {} {}", word_of(entity.outcome, dry_run), entity.kind, entity.to));
    }
  }
  Json objects = Json::array();
  for (const std::string& name : report.new_objects) {
    objects.push_back(Json::string(name));
    context.done(
        fmt::format("{} object {} in the target's config", dry_run ? "would add" : "added", name));
  }
  Json sums = Json::object();
  std::string line;
  for (const SyncOutcome outcome :
       {SyncOutcome::copied, SyncOutcome::replaced, SyncOutcome::unchanged, SyncOutcome::conflict,
        SyncOutcome::failed}) {
    const std::uint64_t count = report.count(outcome);
    const std::string word(word_of(outcome, false));
    sums[word] = Json::unsigned_integer(count);
    if (count > 0) line += fmt::format("{}{} {}", line.empty() ? "" : ", ", count, word);
  }
  if (context.json()) {
    context.print_json(Json::object({{"dry_run", Json::boolean(dry_run)},
                                     {"entities", std::move(list)},
                                     {"new_objects", std::move(objects)},
                                     {"counts", std::move(sums)}}));
  }
  context.done(dry_run ? "nothing was changed: " + (line.empty() ? "nothing to do" : line)
                       : (line.empty() ? "nothing to sync" : line));
  if (report.count(SyncOutcome::conflict) > 0) {
    context.messages.remark("--exist-ok replaces what is there with other content.");
  }
  return report.ok() ? 0 : 1;
}

int run(Context& context) {
  SyncOptions options = meaning(context);
  const Ends ends = ends_of(context, options);
  const SyncEnd source =
      open_sync_end(ends.source, context.args.maybe_text("source-fs-args").value_or("{}"));
  const SyncEnd target =
      open_sync_end(ends.target, context.args.maybe_text("target-fs-args").value_or("{}"));
  SyncReport report;
  {
    ProgressLine line(context.messages, "sync");
    const Progress progress = line.callback();
    if (progress) options.progress = progress;
    report = sync(source, target, options);
  }
  return show(context, report, options.dry_run);
}

OptionSpec text_option(std::string names, std::string metavar, std::string help) {
  return {.names = std::move(names),
          .value = Value::text,
          .metavar = std::move(metavar),
          .help = std::move(help)};
}

}  // namespace

Command sync_command() {
  return {
      .path = "sync",
      .summary = "Copy what one project holds into another.",
      .details =
          "SOURCE and TARGET are a config file, a project's root folder or URL (local, ssh://, "
          "zip://...), or TARGET a zip archive to make. A word before them (picks, meshes, "
          "filaments, segmentations, tomograms, features, objects) takes that kind alone; then -c "
          "and --target-config may stand for the two.\n"
          "\nEntities are copied byte for byte. Nobody sees half of one: files are written in one "
          "step, volumes are staged and then published. Equal ones are left alone, and the same "
          "command goes on where an interrupted one stopped. What is there with other content is a "
          "conflict, unless --exist-ok.\n"
          "\nExamples:\n\n"
          "  copick sync config.json ssh://cluster/data/project --dry-run\n"
          "  copick sync config.json project.zip\n"
          "  copick sync picks -c a.json --target-config b.json --target-users alice:bob",
      .arguments = {{.name = "PLACE", .required = false, .repeatable = true}},
      .options =
          std::vector<OptionSpec>{
              config_option(),
              text_option("--target-config", "FILE", "Config of the target."),
              text_option("--only", "KINDS", "Kinds that are taken, e.g. picks,meshes."),
              text_option("--source-runs", "A,B", "Runs that are taken."),
              text_option("--target-runs", "A:X,B:Y", "What runs are called in the target."),
              text_option("--source-objects", "A,B", "Objects whose annotations are taken."),
              text_option("--target-objects", "A:X", "What objects are called in the target."),
              text_option("--source-users", "A,B", "Users whose annotations are taken."),
              text_option("--target-users", "A:X", "What users are called in the target."),
              text_option("--source-names", "A,B", "Segmentations that are taken."),
              text_option("--target-names", "A:X", "What segmentations are called in the target."),
              text_option("--source-tomo-types", "A,B", "Types of tomograms that are taken."),
              text_option("--target-tomo-types", "A:X", "What types are called in the target."),
              text_option("--voxel-spacings", "10,20", "Voxel sizes that are taken, angstrom."),
              text_option("--source-fs-args", "JSON", "Arguments of SOURCE's storage."),
              text_option("--target-fs-args", "JSON", "Arguments of TARGET's storage."),
              {.names = "--exist-ok/--no-exist-ok",
               .fallback = "no-exist-ok",
               .help = "Replace what is there with other content."},
              {.names = "--size-only", .help = "Files of equal size count as equal, unread."},
              {.names = "--verify", .help = "Read back what was written and compare."},
              {.names = "--dry-run", .help = "Show what would be done without doing it."},
              {.names = "--max-workers",
               .value = Value::integer,
               .fallback = "8",
               .help = "Files under way at a time."}} +
          computing_options() + common_options(),
      .run = run};
}

}  // namespace copick::cli
