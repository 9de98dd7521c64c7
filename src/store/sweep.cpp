#include "store/sweep.h"

#include "store/key.h"
#include "store/temporary_name.h"

#include <algorithm>

namespace copick::store {

namespace {

bool exists(Store& store, const std::string& key) {
  const std::vector<Entry> siblings = store.list(parent(key));
  return std::any_of(siblings.begin(), siblings.end(),
                     [&](const Entry& entry) { return entry.name == last_part(key); });
}

}  // namespace

SweepReport sweep(Store& store, std::string_view prefix, const SweepOptions& options) {
  SweepReport report;
  for (const Leftover& leftover : store.leftovers(prefix)) {
    if (leftover.age < options.older_than) {
      report.kept.push_back(leftover.key);
      continue;
    }
    if (is_backup_name(last_part(leftover.key))) {
      const std::optional<std::string> name = name_of_backup(last_part(leftover.key));
      if (!name) {
        report.kept.push_back(leftover.key);
        continue;
      }
      const std::string target = join(parent(leftover.key), *name);
      if (!exists(store, target)) {
        if (!options.dry_run) store.publish_prefix(leftover.key, target, Durability::full);
        report.restored.push_back(target);
        continue;
      }
    }
    if (!options.dry_run) store.erase_prefix(leftover.key);
    report.removed.push_back(leftover.key);
  }
  return report;
}

}  // namespace copick::store
