#include "store/sweep.h"

#include "store/backends.h"
#include "store/temporary_name.h"

using namespace copick;
using namespace copick::test;

namespace {
constexpr store::SweepOptions kNow{.older_than = std::chrono::seconds(0)};
}

TEST_CASE("a sweep removes old leftovers and keeps young ones and everything else") {
  for_each_backend([](Store& store) {
    put_text(store, "a/k", "v");
    put_text(store, "a/.k.0123.part", "v");
    const std::string staged = store.staging_prefix("s.zarr");
    put_text(store, staged + "/0/0", "v");
    CHECK(store::sweep(store, "").kept == Names{staged, "a/.k.0123.part"});
    CHECK(
        store::sweep(store, "", {.older_than = std::chrono::seconds(0), .dry_run = true}).removed ==
        Names{staged, "a/.k.0123.part"});
    CHECK(store.leftovers("").size() == 2);
    const store::SweepReport report = store::sweep(store, "", kNow);
    CHECK(report.removed == Names{staged, "a/.k.0123.part"});
    CHECK(report.kept.empty());
    CHECK(store.leftovers("").empty());
    CHECK(names(store.list_recursive("")) == Names{"a/k"});
  });
}

TEST_CASE("a sweep renames a backup back when its name is gone, and removes it otherwise") {
  for_each_backend([](Store& store) {
    const std::string lost = "run/" + store::backup_name("lost.zarr");
    const std::string kept = "run/" + store::backup_name("kept.zarr");
    put_text(store, lost + "/0/0", "old");
    put_text(store, kept + "/0/0", "old");
    put_text(store, "run/kept.zarr/0/0", "new");
    const store::SweepReport report = store::sweep(store, "run", kNow);
    CHECK(report.restored == Names{"run/lost.zarr"});
    CHECK(report.removed == Names{kept});
    CHECK(get_text(store, "run/lost.zarr/0/0") == "old");
    CHECK(get_text(store, "run/kept.zarr/0/0") == "new");
    CHECK(store.leftovers("").empty());
  });
}

TEST_CASE("a backup whose name was cut is kept for a person to decide") {
  for_each_backend([](Store& store) {
    const std::string backup = store::backup_name(std::string(250, 'n'));
    put_text(store, backup + "/0", "old");
    CHECK(store::sweep(store, "", kNow).kept == Names{backup});
    CHECK(get_text(store, backup + "/0") == "old");
  });
}

TEST_CASE("backups made by the Python package are told apart by name and restored too") {
  for_each_backend([](Store& store) {
    put_text(store, "run/.s.zarr.copick-backup-k3x_9abc/zarr.json", "old");
    CHECK(store::sweep(store, "", kNow).restored == Names{"run/s.zarr"});
    CHECK(get_text(store, "run/s.zarr/zarr.json") == "old");
  });
}
