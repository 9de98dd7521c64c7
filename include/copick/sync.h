// Sync: what one project holds, made to be in another, whatever they are stored on.
//
//   SyncReport report = copick::sync(open_sync_end("config.json"),
//                                    open_sync_end("ssh://cluster/data/project"));
//
// An end is a project (its static source and overlay are read as one, its overlay is written), a
// root folder or URL, or as target a zip archive. Entities are copied byte for byte: a file is
// written in one step, a volume is staged and then published, so nobody sees half of one, however
// the sync ends. What is there already with the same bytes is left alone; what is there with other
// bytes is a conflict unless `exist_ok`. A sync that was interrupted goes on where it stopped.
//
// Threads: as every Root. Errors: of one entity: in the report, the others go on. PermissionError
// (the target cannot be written), ValidationError (an option) are thrown.
#pragma once

#include <copick/entities.h>

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace copick {

enum class SyncKind { picks, meshes, filaments, segmentations, tomograms, features, objects };

// Names that are taken; empty takes all. A name that is mapped is called otherwise in the target.
using SyncNames = std::map<std::string, std::string, std::less<>>;

struct SyncOptions {
  std::set<SyncKind> kinds{};  // empty: all
  SyncNames runs{};
  SyncNames objects{};                // of picks, meshes and filaments
  SyncNames users{};                  // of picks, meshes, filaments and segmentations
  SyncNames names{};                  // of segmentations
  SyncNames tomo_types{};             // of tomograms and features
  std::vector<double> voxel_sizes{};  // angstrom; of segmentations, tomograms and features
  bool exist_ok = false;              // replace what is there with other bytes
  bool dry_run = false;               // say what would be done
  bool size_only = false;             // values of equal size count as equal, without being read
  bool verify = false;                // read back what was written and compare
  int workers = 8;                    // values under way at a time
  std::function<void(std::uint64_t done_bytes, std::uint64_t all_bytes)> progress{};
};

enum class SyncOutcome { copied, replaced, unchanged, conflict, failed };

struct SyncedEntity {
  std::string kind, run;
  std::string from, to;  // URLs
  SyncOutcome outcome = SyncOutcome::copied;
  std::uint64_t values = 0, bytes = 0;  // of the entity
  std::uint64_t resumed = 0;            // values that an interrupted sync had written
  std::string problem;                  // of conflict and failed
};

struct SyncReport {
  std::vector<SyncedEntity> entities;    // sorted by target
  std::vector<std::string> new_objects;  // pickable objects the target's config gained
  std::uint64_t count(SyncOutcome outcome) const;
  bool ok() const { return !count(SyncOutcome::conflict) && !count(SyncOutcome::failed); }
};

// One end of a sync: a project, or only a store.
struct SyncEnd {
  std::optional<Root> project;
  StorePtr store;   // of a root, or where the archive is written
  std::string zip;  // the archive's key in `store`; "": no archive
};
// A path that ends in ".json" is a config; one that ends in ".zip" and names no folder an archive;
// everything else a root. `fs_args_json` is for a root.
SyncEnd open_sync_end(const std::string& path_or_url, std::string_view fs_args_json = "{}");

SyncReport sync(const SyncEnd& source, const SyncEnd& target, const SyncOptions& options = {});

}  // namespace copick
