// A sync, from its two ends to the report.
//
//   1. Plan: entities of the source's static half, then of its overlay, which wins.
//   2. List what each consists of, many at a time.
//   3. Give the target's config the objects it lacks.
//   4. Copy them, many at a time (sync_copy.h). Into an archive: one after the other, into one that
//      appears when it is complete.
#include "ops/sync.h"

#include "ops/sync_copy.h"
#include "source/filesystem.h"
#include "store/zip.h"

#include <copick/error.h>
#include <copick/open.h>
#include <copick/ops.h>

#include <algorithm>
#include <atomic>
#include <filesystem>

namespace copick {

namespace {

using ops::SyncUnit;
using Sources = std::vector<std::shared_ptr<model::Source>>;

Sources sources_of(const SyncEnd& end) {
  if (!end.zip.empty()) {
    return {source::filesystem_source(store::zip_store(end.store, end.zip), true)};
  }
  if (!end.project) return {source::filesystem_source(end.store, true)};
  Sources sources;
  const StorePtr fixed = end.project->static_store(), overlay = end.project->overlay_store();
  if (fixed && fixed != overlay) sources.push_back(source::filesystem_source(fixed, true));
  if (overlay) sources.push_back(source::filesystem_source(overlay, true));
  return sources;
}

StorePtr target_store(const SyncEnd& end) {
  const StorePtr store = end.project ? end.project->overlay_store() : end.store;
  if (!store) {
    throw PermissionError({"sync", end.project->config_path(), "the project has no overlay_root",
                           "a project is written in its overlay: name one in the config"});
  }
  if (store->read_only()) {
    throw PermissionError({"sync", store->url(""), "it is read-only", "choose another target"});
  }
  return store;
}

std::vector<Entry> values_of(const SyncUnit& unit) {
  if (unit.tree) return unit.from->list_recursive(unit.from_key);
  const std::optional<Stat> about = unit.from->stat(unit.from_key);
  if (!about) return {};
  return {{unit.from_key, false, about->size}};
}

// Copies definitions of objects that the units are of and the target does not know.
std::vector<std::string> add_objects(const SyncEnd& source, const SyncEnd& target,
                                     const std::vector<SyncUnit>& units, bool dry_run) {
  std::vector<std::string> added;
  if (!source.project || !target.project) return added;
  Root project = *target.project;
  for (const SyncUnit& unit : units) {
    const std::string& name = unit.target_object;
    const bool known = name.empty() || project.config().find_object(name) != nullptr ||
                       std::find(added.begin(), added.end(), name) != added.end();
    const PickableObject* object = source.project->config().find_object(unit.object);
    if (known || object == nullptr) continue;
    added.push_back(name);
    if (dry_run) continue;
    PickableObject copy = *object;
    copy.name = name;
    const auto taken = [&](const PickableObject& other) { return other.label == copy.label; };
    const auto& others = project.config().pickable_objects;
    if (std::any_of(others.begin(), others.end(), taken)) copy.label.reset();
    project.new_object(std::move(copy));
  }
  if (!added.empty() && !dry_run) project.save_config();
  return added;
}

// Bytes done of all, told as they move.
class Meter {
 public:
  Meter(const SyncOptions& options, std::uint64_t all) : options_(options), all_(all) {}
  void add(std::uint64_t bytes) {
    const std::uint64_t done = done_ += bytes;
    if (options_.progress) options_.progress(std::min(done, all_), all_);
  }

 private:
  const SyncOptions& options_;
  const std::uint64_t all_;
  std::atomic<std::uint64_t> done_ = 0;
};

void write_archive(const SyncEnd& target, const std::vector<SyncUnit>& units,
                   std::vector<std::vector<Entry>>& values, const SyncOptions& options,
                   Meter& meter, SyncReport& report) {
  const std::string where = target.store->url(target.zip);
  const bool there = target.store->stat(target.zip).has_value();
  if (there && !options.exist_ok) {
    throw ConflictError({"sync", where, "the archive exists already",
                         "choose another path, or --exist-ok to replace it"});
  }
  std::unique_ptr<store::ZipWriter> writer;
  if (!options.dry_run) {
    writer = std::make_unique<store::ZipWriter>(*target.store, target.zip,
                                                PutOptions{.if_absent = !there});
  }
  for (std::size_t u = 0; u < units.size(); ++u) {
    const SyncUnit& unit = units[u];
    SyncedEntity entity{unit.kind, unit.run, unit.from->url(unit.from_key),
                        where + "/" + unit.to_key};
    entity.outcome = there ? SyncOutcome::replaced : SyncOutcome::copied;
    entity.values = values[u].size();
    for (const Entry& value : values[u]) {
      entity.bytes += value.size;
      if (writer) {
        const std::string name = unit.to_key + value.name.substr(unit.from_key.size());
        store::add_to_zip(*writer, *unit.from, value, name, [&](Bytes content) {
          return ops::renamed_content(unit, std::move(content));
        });
      }
      meter.add(value.size);
    }
    report.entities.push_back(std::move(entity));
  }
  if (writer) writer->commit();
}

}  // namespace

std::uint64_t SyncReport::count(SyncOutcome outcome) const {
  return static_cast<std::uint64_t>(
      std::count_if(entities.begin(), entities.end(),
                    [&](const SyncedEntity& entity) { return entity.outcome == outcome; }));
}

SyncEnd open_sync_end(const std::string& path_or_url, std::string_view fs_args_json) {
  namespace fs = std::filesystem;
  SyncEnd end;
  std::error_code error;
  const bool chain = path_or_url.find("::") != std::string::npos;
  if (path_or_url.ends_with(".json") && !fs::is_directory(path_or_url, error)) {
    end.project = open(path_or_url);
  } else if (path_or_url.ends_with(".zip") && !chain && !fs::is_directory(path_or_url, error)) {
    const std::size_t slash = path_or_url.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : path_or_url.substr(0, slash + 1);
    end.store = open_store(folder, fs_args_json);
    end.zip = slash == std::string::npos ? path_or_url : path_or_url.substr(slash + 1);
  } else {
    end.store = open_store(path_or_url, fs_args_json);
  }
  return end;
}

SyncReport sync(const SyncEnd& source, const SyncEnd& target, const SyncOptions& options) {
  const bool archive = !target.zip.empty();
  const StorePtr store = archive ? target.store : target_store(target);
  const auto layout = source::filesystem_source(archive ? memory_store() : store, false);
  const std::vector<SyncUnit> units = ops::plan_sync(sources_of(source), *layout, options);
  for (const SyncUnit& unit : units) {
    if (archive || !same_place(*unit.from, *store) || unit.from_key != unit.to_key) continue;
    throw ValidationError(
        {"sync", store->url(""), "source and target are the same place", "choose another target"});
  }
  base::Executor workers(static_cast<std::size_t>(std::clamp(options.workers, 1, 64)));
  std::vector<std::vector<Entry>> values(units.size());
  workers.parallel_for(units.size(), [&](std::size_t u) { values[u] = values_of(units[u]); });
  std::uint64_t all = 0;
  for (const auto& entries : values) {
    for (const Entry& entry : entries) all += entry.size;
  }
  SyncReport report;
  report.new_objects = add_objects(source, target, units, options.dry_run);
  Meter meter(options, all);
  if (archive) {
    write_archive(target, units, values, options, meter, report);
    return report;
  }
  report.entities.resize(units.size());
  ops::SyncCopier copier(*store, options, workers, [&](std::uint64_t bytes) { meter.add(bytes); });
  workers.parallel_for(
      units.size(), [&](std::size_t u) { report.entities[u] = copier.copy(units[u], values[u]); });
  return report;
}

}  // namespace copick
