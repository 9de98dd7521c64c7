// How a volume changes its layout (docs/format/migrate.md, section 1):
//   1. The plan is made. When the volume is so already, that is all.
//   2. The lease is taken: the plan stands beside the volume, with our name on it.
//   3. A copy of another plan is removed; of the same plan, what is there is listed and stays.
//   4. Levels are copied, then the other files, then the group's metadata.
//   5. Every level is read back and compared.
//   6. Source and lease are looked at again; when the source changed, the copy is worth nothing.
//   7. The copy is published over the volume, and the plan removed.
// An error or a crash before 7 leaves the volume as it is, the copy and the plan, for the next
// call.
#include "base/executor.h"
#include "base/logging.h"
#include "ops/migrate_copy.h"
#include "ops/migrate_lease.h"
#include "store/key.h"
#include "store/temporary_name.h"

#include <copick/error.h>
#include <copick/ops.h>

namespace copick {

namespace {

using namespace ops;

constexpr const char* kDoing = "migrate the volume";

StorePtr store_of(const Root& root, const Volume& volume) {
  StorePtr store = volume.origin() == Origin::overlay ? root.overlay_store() : root.static_store();
  return store ? store : root.overlay_store();
}

// Where the result goes; PermissionError when that may not be written to.
StorePtr target_store(const Root& root, const Volume& volume, bool to_overlay) {
  if (!volume.read_only()) return store_of(root, volume);
  if (!to_overlay) {
    throw PermissionError({kDoing, volume.url(),
                           "it belongs to the static source, which is read-only",
                           "make a migrated copy in the overlay: --to-overlay"});
  }
  StorePtr store = root.overlay_store();
  if (!store) {
    throw PermissionError({kDoing, volume.url(),
                           "the project has a static source only, which is read-only",
                           "add an overlay_root to the config"});
  }
  if (ome::Multiscale::open(store, volume.path())) {
    throw ConflictError({kDoing, store->url(volume.path()), "the overlay holds one already",
                         "migrate that one, or remove it first"});
  }
  return store;
}

ome::Multiscale open_image(const StorePtr& store, const Volume& volume) {
  if (!volume.has_data()) {
    throw NotFoundError({kDoing, volume.url(), "nothing has been written to it yet",
                         "there is nothing to migrate"});
  }
  auto image = ome::Multiscale::open(store, volume.path());
  if (image) return std::move(*image);
  throw ValidationError(
      {kDoing, volume.url(), "it is not a Zarr store", "add it again: copick add object-volume"});
}

class Move {
 public:
  Move(StorePtr source, StorePtr target, std::string prefix, const MigrationPlan& plan,
       const Migrate& options)
      : source_(std::move(source)),
        prefix_(std::move(prefix)),
        plan_(plan),
        options_(options),
        target_{std::move(target),
                store::join(store::parent(prefix_),
                            store::migration_stage_name(store::last_part(prefix_))),
                {},
                options.durability} {}

  void run(Migration& report) {
    const std::string version = fingerprint(*source_, prefix_);
    MigrationLease lease(target_.store, prefix_,
                         Json::object({{"copick_migration", Json::integer(1)},
                                       {"source", Json::string(version)},
                                       {"target", plan_.documents()}}));
    if (!lease.goes_on()) target_.store->erase_prefix(target_.prefix);
    for (const Entry& entry : target_.store->list_recursive(target_.prefix))
      target_.present.insert(entry.name);
    MigrationProgress progress(plan_, options_.progress);
    for (const LevelPlan& level : plan_.levels) {
      const UnitCount count = copy_level(level, target_, progress);
      report.levels[static_cast<std::size_t>(&level - plan_.levels.data())].units = count.units;
      report.units_found += count.found;
    }
    copy_others();
    put_group();
    for (const LevelPlan& level : plan_.levels) compare_level(level, target_, progress);
    if (fingerprint(*source_, prefix_) != version) {
      throw ConflictError({kDoing, source_->url(prefix_), "somebody else wrote to it meanwhile",
                           "it is as they left it; migrate it again when they are done"});
    }
    lease.check_is_ours();
    target_.store->publish_prefix(target_.prefix, prefix_, options_.durability);
    lease.finish();
  }

 private:
  void copy_others() {
    const std::vector<std::string> keys = other_files(*source_, prefix_, plan_);
    base::parallel_for(keys.size(), [&](std::size_t i) {
      const std::optional<Bytes> value = source_->get(keys[i]);
      if (!value)
        throw ConflictError({kDoing, source_->url(keys[i]), "it was removed meanwhile",
                             "migrate the volume again when nobody writes to it"});
      put(keys[i].substr(prefix_.size() + 1), *value);
    });
    if (keys.empty() || plan_.from == plan_.to) return;
    base::log(LogLevel::info, std::to_string(keys.size()) + " files of " + source_->url(prefix_) +
                                  " that belong to no level were kept as they are, such as " +
                                  keys.front());
  }

  void put_group() {
    constexpr int indent_v2 = 4, indent_v3 = 2;
    if (!plan_.is_group) {
      const Json& attributes = plan_.levels.front().target.attributes;
      if (plan_.to == 2 && !attributes.members().empty())
        put(".zattrs", as_bytes(attributes.dump(indent_v2)));
      return;
    }
    if (plan_.to == 2) {
      put(".zattrs", as_bytes(plan_.attributes.dump(indent_v2)));
      put(".zgroup", as_bytes(Json::object({{"zarr_format", Json::integer(2)}}).dump(indent_v2)));
      return;
    }
    put("zarr.json", as_bytes(Json::object({{"attributes", plan_.attributes},
                                            {"zarr_format", Json::integer(3)},
                                            {"node_type", Json::string("group")}})
                                  .dump(indent_v3)));
  }

  void put(const std::string& name, ByteView value) {
    target_.store->put(store::join(target_.prefix, name), value,
                       {.durability = options_.durability});
  }

  const StorePtr source_;
  const std::string prefix_;
  const MigrationPlan& plan_;
  const Migrate& options_;
  CopyTarget target_;
};

Migration describe(const MigrationPlan& plan, const VolumeInfo& info, const std::string& url) {
  Migration report;
  report.needed = plan.is_needed;
  report.from = plan.from;
  report.to = plan.to;
  report.url = url;
  for (std::size_t i = 0; i < plan.levels.size(); ++i) {
    const zarr::ArrayMetadata target = zarr::make_metadata(plan.levels[i].target);
    MigratedLevel level{info.levels[i], info.levels[i], 0};
    level.after.chunks = target.decode_chunks();
    level.after.shards = target.sharding ? std::optional<Shape>(target.chunks) : std::nullopt;
    level.after.compressor = target.compressor_name();
    level.after.stored_dtype = target.stored_dtype;
    level.after.order = 'C';
    level.after.dimension_separator = std::string(1, '/');
    level.units = 1;
    for (std::size_t axis = 0; axis < target.shape.size(); ++axis)
      level.units *= static_cast<std::uint64_t>((target.shape[axis] + target.chunks[axis] - 1) /
                                                target.chunks[axis]);
    report.levels.push_back(std::move(level));
  }
  return report;
}

}  // namespace

Migration migrate(Root& root, Volume& volume, const Migrate& options) {
  const StorePtr source = store_of(root, volume);
  const std::string prefix = volume.path();
  volume.refresh();
  const ome::Multiscale image = open_image(source, volume);
  const MigrationPlan plan = plan_migration(source, prefix, image, options);
  const StorePtr target = target_store(root, volume, options.to_overlay);
  const bool elsewhere = volume.read_only();
  Migration report = describe(plan, volume.info(), target->url(prefix));
  report.needed |= elsewhere;
  if (!report.needed || options.dry_run) return report;
  Move(source, target, prefix, plan, options).run(report);
  report.done = true;
  volume.refresh();
  if (elsewhere) root.refresh();
  return report;
}

}  // namespace copick
