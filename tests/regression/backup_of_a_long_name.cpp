// After a crash while a volume with a long name was replaced, the old one came back under a name of
// its first few bytes. The name was no UTF-8: a cut that looks for a character's start went back
// through all of it, and what was left was too short to be told from a name that was not cut.
#include "store/temporary_name.h"

#include <doctest/doctest.h>

#include <string>

using namespace copick::store;

TEST_CASE("the backup of a long name that is no UTF-8 is known to be cut") {
  for (const char byte : {'\x80', '\x9c', '\xbf'}) {
    const std::string name = "wbp" + std::string(250, byte);
    const std::string backup = backup_name(name);
    CAPTURE(backup.size());
    CHECK(backup.size() > 250);  // two names that differ late keep apart
    CHECK(backup.size() <= 255);
    CHECK(!name_of_backup(backup));
    CHECK(is_staging_of(staging_name(name), name));
  }
}
