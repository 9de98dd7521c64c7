#include "store/backends.h"

#include <filesystem>
#include <fstream>

using namespace copick;
using namespace copick::test;

namespace {

struct Cached {
  store::CountedStore counted = store::counting_store(memory_store());
  std::shared_ptr<store::Shelf> shelf = store::memory_shelf(1 << 20);
  StorePtr store = store::caching_store(counted.store, shelf, {.trusted = {}});
  std::uint64_t bytes() const { return counted.counts().bytes_read; }
};

std::string part(Store& store, const std::string& key, ByteRange range) {
  const Request request{key, range};
  std::string text;
  store.fetch({&request, 1},
              [&](std::size_t, std::optional<Bytes> bytes) { text = bytes.value().text(); });
  return text;
}

}  // namespace

TEST_CASE("what was read is not read again, whole and in part, until it changes") {
  Cached cached;
  put_text(*cached.counted.store, "k", "0123456789");
  for (int i = 0; i < 3; ++i) {
    CHECK(get_text(*cached.store, "k") == "0123456789");
    CHECK(part(*cached.store, "k", {.offset = 2, .length = 3}) == "234");
    CHECK(part(*cached.store, "k", {.length = 3, .from_end = true}) == "789");
  }
  CHECK(cached.bytes() == 10 + 3 + 3);
  put_text(*cached.counted.store, "k", "9876543210");  // behind the cache's back
  CHECK(get_text(*cached.store, "k") == "9876543210");
  CHECK(part(*cached.store, "k", {.offset = 2, .length = 3}) == "765");
}

TEST_CASE("a version that is trusted saves the look, and a write ends the trust") {
  Cached cached;
  cached.store =
      store::caching_store(cached.counted.store, cached.shelf, {.trusted = std::chrono::hours(1)});
  put_text(*cached.store, "k", "old");
  for (int i = 0; i < 5; ++i) CHECK(get_text(*cached.store, "k") == "old");
  CHECK(cached.counted.counts().stat == 1);
  put_text(*cached.store, "k", "new");
  CHECK(get_text(*cached.store, "k") == "new");
}

TEST_CASE("a full shelf forgets what was used longest ago") {
  const auto shelf = store::memory_shelf(4000);
  for (int i = 0; i < 10; ++i) {
    shelf->keep("n" + std::to_string(i), as_bytes(std::string(500, 'x')));
    CHECK(shelf->find("n0"));
  }
  CHECK(!shelf->find("n1"));
  CHECK(shelf->find("n9"));
  shelf->keep("huge", as_bytes(std::string(3000, 'x')));
  CHECK(!shelf->find("huge"));
}

TEST_CASE("a disk shelf is bounded, shared, and finds nothing in files that are damaged") {
  const TempDir folder;
  const auto one = store::disk_shelf(folder.path(), 100000);
  const auto two = store::disk_shelf(folder.path(), 100000);
  one->keep("name", as_bytes("bytes"));
  REQUIRE(two->find("name"));
  CHECK(two->find("name")->text() == "bytes");
  CHECK(!two->find("other"));
  for (const auto& file : std::filesystem::directory_iterator(folder.path())) {
    std::fstream stream(file.path(), std::ios::in | std::ios::out | std::ios::binary);
    stream.seekp(-1, std::ios::end);
    stream.put('X');
  }
  CHECK(!one->find("name"));
  for (int i = 0; i < 50; ++i) one->keep(std::to_string(i), as_bytes(std::string(10000, 'x')));
  std::uint64_t total = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder.path())) {
    total += file.file_size();
  }
  CHECK(total <= 115000);
  CHECK(one->find("49"));
}

TEST_CASE("a disk shelf in a folder that cannot be made is no trouble") {
  const auto shelf = store::disk_shelf("/proc/none/such", 1000);
  shelf->keep("name", as_bytes("bytes"));
  CHECK(!shelf->find("name"));
}
