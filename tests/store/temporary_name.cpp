#include "store/temporary_name.h"

#include "store/key.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

using namespace copick::store;

TEST_CASE("every temporary name is recognised, hidden and no longer than a file name may be") {
  for (const std::string& name :
       {std::string("k"), std::string("10.000_a_0_b.zarr"), std::string(255, 'n'),
        std::string(226, 'n'), std::string(227, 'n'), std::string(".hidden"),
        std::string("a.part")}) {
    for (const std::string& temporary :
         {part_name(name), lock_name(name), staging_name(name), backup_name(name)}) {
      CAPTURE(temporary);
      CHECK(is_temporary_name(temporary));
      CHECK(temporary[0] == '.');
      CHECK(temporary.size() <= 255);
      CHECK(is_legal_name(temporary));
    }
    CHECK(is_staging_of(staging_name(name), name));
    CHECK(is_staging_of(backup_name(name), name));
    CHECK(!is_staging_of(staging_name(name), "x" + name));
    CHECK(!is_staging_of(part_name(name), name));
  }
}

TEST_CASE("ordinary names, hidden ones too, are not taken for temporary") {
  for (const char* name :
       {"", ".", "k", ".part", "k.part", "..part", ".zattrs", ".meta", "s.copick-stage-ab",
        ".copick-stage-ab", ".s.copick-stage-", ".s.copick-stage", "copick-backup-", ".s.parts"}) {
    CAPTURE(name);
    CHECK(!is_temporary_name(name));
  }
  CHECK(is_temporary_name(".s.zarr.copick-stage-k3x_9abc"));  // as Python's tempfile spells it
}

TEST_CASE("a backup gives its name back unless the name was cut") {
  CHECK(name_of_backup(backup_name("s.zarr")) == "s.zarr");
  CHECK(name_of_backup(backup_name("a.copick-backup-b")) == "a.copick-backup-b");
  CHECK(name_of_backup(backup_name(std::string(226, 'n'))) == std::string(226, 'n'));
  CHECK(!name_of_backup(backup_name(std::string(227, 'n'))));
  CHECK(!name_of_backup(staging_name("s.zarr")));
  CHECK(!name_of_backup("s.zarr"));
}

TEST_CASE("a long name is cut between characters, not inside one") {
  std::string snow;
  while (snow.size() < 250) snow += "\xE2\x98\x83";
  for (const std::string pad : {"", "x", "xy"}) {
    const std::string cut = part_name(pad + snow);
    const std::string kept = cut.substr(1 + pad.size(), cut.find('~') - 1 - pad.size());
    CHECK(kept.size() % 3 == 0);
    CHECK(kept.size() > 200);
    CHECK(!name_of_backup(backup_name(pad + snow)));
  }
}

TEST_CASE("random parts differ") {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(staging_name("s"));
  CHECK(seen.size() == 1000);
}

TEST_CASE("the first temporary part of a key is found from where one looks") {
  const std::string key = "a/.s.copick-stage-x/b/.k.1.part";
  CHECK(end_of_temporary_part(key) == key.find("/b"));
  CHECK(end_of_temporary_part(key, 2) == key.find("/b"));
  CHECK(end_of_temporary_part(key, key.find("b/")) == key.size());
  CHECK(end_of_temporary_part("a/b") == std::string_view::npos);
  CHECK(end_of_temporary_part("") == std::string_view::npos);
}
