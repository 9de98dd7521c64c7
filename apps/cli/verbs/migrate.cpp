// migrate: the Zarr version, chunks, shards and compressor of volumes that are in the project.
#include "frame/progress.h"
#include "frame/reference.h"
#include "frame/table.h"
#include "frame/volume_options.h"
#include "verbs/verbs.h"

#include <copick/error.h>
#include <copick/ops.h>

#include <fmt/core.h>

#include <algorithm>

namespace copick::cli {

namespace {

Migrate meaning(const Context& context) {
  Migrate options;
  const std::string to = context.args.text("to");
  if (to == "v2") options.to = ZarrFormat::v2;
  if (to == "v3") options.to = ZarrFormat::v3;
  if (const auto chunks = context.args.maybe_text("chunks"))
    options.chunks = lengths_of("chunks", *chunks);
  const std::string shards = context.args.text("shards");
  if (shards == "level")
    options.sharding = Sharding::level;
  else if (shards == "none")
    options.sharding = Sharding::none;
  else if (shards != "auto")
    options.shards = lengths_of("shards", shards);
  const std::string compressor = context.args.text("compressor");
  if (compressor == "keep") options.compression = Compression::keep;
  if (compressor == "blosc-lz4") options.compression = Compression::blosc_lz4;
  if (compressor == "blosc-zstd") options.compression = Compression::blosc_zstd;
  if (compressor == "zstd") options.compression = Compression::zstd;
  if (compressor == "none") options.compression = Compression::none;
  options.to_overlay = context.args.flag("to-overlay");
  options.dry_run = context.args.flag("dry-run");
  if (!context.args.flag("fsync")) options.durability = Durability::none;
  return options;
}

// "tomogram wbp@10 isonet@10" is a kind and its URIs; otherwise every word is a reference.
std::vector<Reference> references(const Context& context) {
  std::vector<std::string> words = context.args.texts("URI");
  if (context.args.flag("all")) {
    if (!words.empty()) context.refuse("Give URIs, or --all.");
    return {Reference{}};
  }
  if (words.empty()) context.refuse("Missing argument 'URI...', or --all.");
  std::vector<Reference> list;
  std::optional<Kind> kind;
  if (words.size() > 1) kind = kind_from_word(words[0]);
  if (kind) words.erase(words.begin());
  for (const std::string& word : words)
    list.push_back(kind ? Reference{kind, word} : parse_reference({word}));
  return list;
}

bool names_one(const Reference& reference) {
  return reference.uri.find_first_of("*?[") == std::string::npos &&
         !reference.uri.starts_with("re:");
}

// Volumes with voxels. Of patterns those that may be written to, of exact names all.
std::vector<Found> volumes_of(const Context& context, const Root& root, const Reference& reference,
                              const std::vector<Run>& runs) {
  std::vector<Found> found = find_all(root, reference, runs, true);
  std::erase_if(found, [](const Found& entity) { return !entity.volume(); });
  prefer_overlay(found);
  const bool exact = names_one(reference);
  if (found.empty() && exact) refuse_missing(root, reference, runs, "migrate");
  if (exact) return found;
  std::erase_if(found, [](const Found& entity) { return !entity.volume()->has_data(); });
  if (context.args.flag("to-overlay")) return found;
  const std::size_t left_out = std::erase_if(found, [](const Found& f) { return f.read_only(); });
  if (left_out > 0) {
    context.messages.remark(
        fmt::format("{} of the static source {} left out; --to-overlay makes migrated copies.",
                    left_out, left_out == 1 ? "is" : "are"));
  }
  return found;
}

std::string times(const Shape& shape) {
  std::string text;
  for (const std::int64_t length : shape)
    text += (text.empty() ? "" : " x ") + std::to_string(length);
  return text;
}

std::string layout_text(const LevelInfo& level) {
  std::string text = times(level.chunks);
  if (level.shards) text += " in shards of " + times(*level.shards);
  return text + ", " + (level.compressor.empty() ? "not compressed" : level.compressor);
}

Json shape_json(const Shape& shape) {
  Json list = Json::array();
  for (const std::int64_t length : shape) list.push_back(Json::integer(length));
  return list;
}

Json layout_json(const LevelInfo& level) {
  return Json::object({{"chunks", shape_json(level.chunks)},
                       {"shards", level.shards ? shape_json(*level.shards) : Json()},
                       {"compressor", Json::string(level.compressor)}});
}

Json facts_of(const Found& entity, const Migration& report) {
  Json levels = Json::array();
  for (const MigratedLevel& level : report.levels) {
    levels.push_back(Json::object({{"path", Json::string(level.before.path)},
                                   {"shape", shape_json(level.before.shape)},
                                   {"before", layout_json(level.before)},
                                   {"after", layout_json(level.after)},
                                   {"files", Json::unsigned_integer(level.units)}}));
  }
  return Json::object({{"run", entity.run ? Json::string(entity.run->name()) : Json()},
                       {"kind", Json::string(name_of(entity.kind))},
                       {"uri", Json::string(entity.uri)},
                       {"url", Json::string(report.url)},
                       {"needed", Json::boolean(report.needed)},
                       {"migrated", Json::boolean(report.done)},
                       {"from", Json::integer(report.from)},
                       {"to", Json::integer(report.to)},
                       {"found_from_before", Json::unsigned_integer(report.units_found)},
                       {"levels", std::move(levels)}});
}

std::string line_of(const Found& entity, const Migration& report) {
  if (!report.needed) return fmt::format("{} is so already", entity.text());
  std::string line = fmt::format("{} {}: Zarr {} to {}", report.done ? "migrated" : "would migrate",
                                 entity.text(), report.from, report.to);
  if (report.units_found > 0)
    line += fmt::format(", went on from {} files written before", report.units_found);
  Table table({"", "level", "before", "", "after"});
  for (const MigratedLevel& level : report.levels)
    table.add({" ", level.before.path.empty() ? "." : level.before.path, layout_text(level.before),
               "->", layout_text(level.after)});
  std::string rows = table.body();
  if (rows.ends_with('\n')) rows.pop_back();
  return line + "\n" + rows;
}

int run(Context& context) {
  const Migrate options = meaning(context);
  const std::vector<Reference> wanted = references(context);
  Root root = context.open_project();
  const std::vector<Run> runs = selected_runs(root, context.args.texts("run-names"));
  std::vector<Found> found;
  for (const Reference& reference : wanted) {
    for (Found& entity : volumes_of(context, root, reference, runs)) {
      const auto same = [&](const Found& other) { return other.url() == entity.url(); };
      if (std::none_of(found.begin(), found.end(), same)) found.push_back(std::move(entity));
    }
  }
  if (found.empty()) context.messages.remark("No volume to migrate.");
  ItemReport report(context);
  {
    ProgressLine progress(context.messages, found.size() == 1
                                                ? found[0].text()
                                                : fmt::format("{} volumes", found.size()));
    for (std::size_t i = 0; i < found.size(); ++i) {
      report.run(i, [&]() -> ItemReport::Done {
        Migrate own = options;
        own.progress = progress.callback(i, found.size());
        Volume volume = *found[i].volume();
        const Migration done = migrate(root, volume, own);
        return {line_of(found[i], done), facts_of(found[i], done)};
      });
    }
  }
  return report.finish("volume", "volumes");
}

}  // namespace

Command migrate_command() {
  return {
      .path = "migrate",
      .summary = "Change the Zarr version, chunks, shards or compressor of volumes.",
      .details =
          "Each URI names tomograms, features, segmentations or objects; patterns are fine. Every "
          "voxel of every level stays as it is and is compared before the old layout goes. The "
          "volume can be read all the time; an interrupted migration is gone on with when the same "
          "command is given again. With Zarr 3, shards hold at most 64 MB unless --shards says "
          "otherwise: a change of one voxel rewrites its shard.\n"
          "\nExamples:\n\n"
          "  copick migrate tomogram wbp@10 --to v3\n"
          "  copick migrate \"segmentation:*\" --compressor blosc-zstd --dry-run\n"
          "  copick migrate --all --to v2 --chunks 128,128,128",
      .arguments = {{.name = "URI", .required = false, .repeatable = true}},
      .options =
          std::vector<OptionSpec>{
              config_option(),
              run_names_option(),
              {.names = "--all", .help = "Every volume that may be written to."},
              {.names = "--to",
               .value = Value::text,
               .choices = {"v2", "v3", "keep"},
               .fallback = "keep",
               .help = "Zarr version; 'keep' is the one it has."},
              {.names = "--chunks",
               .value = Value::text,
               .metavar = "Z,Y,X",
               .help = "Default: those it has, or the other version's own."},
              {.names = "--shards",
               .value = Value::text,
               .metavar = "[auto|level|none|Z,Y,X]",
               .fallback = "auto",
               .help = "Zarr 3: at most 64 MB, one a level as Python writes it, none, or of a "
                       "shape."},
              {.names = "--compressor",
               .value = Value::text,
               .choices = {"blosc-lz4", "blosc-zstd", "zstd", "none", "keep"},
               .help = "Default: keep, or the other version's own."},
              {.names = "--to-overlay",
               .help = "Of static volumes, make migrated copies in the overlay."},
              {.names = "--dry-run", .help = "Show what would be done without doing it."},
              {.names = "--fsync/--no-fsync",
               .fallback = "fsync",
               .help = "Flush to the disk before the result becomes visible."}} +
          computing_options() + common_options(),
      .run = run};
}

}  // namespace copick::cli
