#include <copick/error.h>
#include <doctest/doctest.h>

using namespace copick;

TEST_CASE("an error message states what, where, why and what next on their own lines") {
  const NotFoundError error({"read picks", "/p/a.json", "no such file", "run: copick ls"});
  CHECK(std::string(error.what()) ==
        "cannot read picks: no such file\n  at     /p/a.json\n  hint   run: copick ls");
}

TEST_CASE("absent facts leave no empty lines in an error message") {
  CHECK(std::string(StorageError({"write x", "", "disk full", ""}).what()) ==
        "cannot write x: disk full");
}
