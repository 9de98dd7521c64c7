#include "store/zip.h"

#include "store/backends.h"
#include "store/zip_bytes.h"

#include <copick/error.h>
#include <copick/log.h>

#include <cstdlib>
#include <fstream>

using namespace copick;
using namespace copick::test;

namespace {

// A store of an archive of these bytes.
StorePtr archive_of(const std::string& bytes) {
  const StorePtr outer = memory_store();
  put_text(*outer, "x.zip", bytes);
  return store::zip_store(outer, "x.zip");
}

std::string range_text(Store& store, const std::string& key, ByteRange range) {
  const Request request{key, range};
  std::string text = "(none)";
  store.fetch({&request, 1}, [&](std::size_t, std::optional<Bytes> part) {
    text = part ? std::string(part->text()) : "(absent)";
  });
  return text;
}

std::string failure_of(const std::string& bytes) {
  try {
    return "(read: " + get_text(*archive_of(bytes), "k") + ")";
  } catch (const CorruptError& error) {
    return error.facts().why;
  } catch (const StorageError& error) { return "storage: " + error.facts().why; }
}

bool run(const std::string& command) { return std::system(command.c_str()) == 0; }

}  // namespace

TEST_CASE("a stored member is read by true ranges, of which only the bytes asked for are read") {
  const StorePtr outer = memory_store();
  {
    store::ZipWriter writer(*outer, "x.zip");
    writer.add("shard", as_bytes(std::string(1 << 20, 'a') + "needle" + std::string(1 << 20, 'b')));
    writer.commit();
  }
  const store::CountedStore counted = store::counting_store(outer);
  const StorePtr inside = store::zip_store(counted.store, "x.zip");
  CHECK(inside->stat("shard").value().size == (2 << 20) + 6);
  const std::uint64_t opened = counted.counts().bytes_read;
  CHECK(opened <= 128 << 10);
  CHECK(range_text(*inside, "shard", {.offset = 1 << 20, .length = 6}) == "needle");
  CHECK(counted.counts().bytes_read - opened == 30 + 5 + 6);
  CHECK(range_text(*inside, "shard", {.offset = (1 << 20) + 3, .length = 3}) == "dle");
  CHECK(counted.counts().bytes_read - opened == 30 + 5 + 6 + 3);
}

TEST_CASE("a deflated member is inflated once for many ranges of it") {
  const StorePtr outer = memory_store();
  std::string text;
  for (int i = 0; i < 50000; ++i) text += std::to_string(i) + " ";
  {
    store::ZipWriter writer(*outer, "x.zip");
    writer.add("k", as_bytes(text), store::ZipMethod::deflated);
    writer.commit();
  }
  CHECK(outer->stat("x.zip").value().size < text.size() / 2);
  const store::CountedStore counted = store::counting_store(outer);
  const StorePtr inside = store::zip_store(counted.store, "x.zip");
  CHECK(range_text(*inside, "k", {.offset = 0, .length = 3}) == "0 1");
  const std::uint64_t read = counted.counts().bytes_read;
  CHECK(range_text(*inside, "k", {.length = 6, .from_end = true}) == "49999 ");
  CHECK(counted.counts().bytes_read == read);
  CHECK(get_text(*inside, "k") == text);
}

TEST_CASE("an archive of 70,000 members has zip64 records and every member is found") {
  const StorePtr outer = memory_store();
  {
    store::ZipWriter writer(*outer, "x.zip");
    for (int i = 0; i < 70000; ++i) {
      writer.add("c/" + std::to_string(i), as_bytes(std::to_string(i)));
    }
    writer.commit();
  }
  const StorePtr inside = store::zip_store(outer, "x.zip");
  CHECK(inside->list("c").size() == 70000);
  CHECK(get_text(*inside, "c/0") == "0");
  CHECK(get_text(*inside, "c/69999") == "69999");
  CHECK(!inside->get("c/70000"));
}

TEST_CASE("a value written in pieces and one with a descriptor read back whole and in part") {
  const StorePtr outer = memory_store();
  {
    store::ZipWriter writer(*outer, "x.zip");
    writer.begin("big");
    for (int i = 0; i < 100; ++i) writer.append(as_bytes("0123456789"));
    writer.end();
    writer.add("small", as_bytes("s"));
    writer.commit();
  }
  const StorePtr inside = store::zip_store(outer, "x.zip");
  CHECK(get_text(*inside, "big").size() == 1000);
  CHECK(range_text(*inside, "big", {.offset = 995}) == "56789");
  CHECK(get_text(*inside, "small") == "s");
}

TEST_CASE("an archive appears whole or not at all") {
  const StorePtr outer = memory_store();
  put_text(*outer, "x.zip", "old");
  { store::ZipWriter(*outer, "x.zip").add("k", as_bytes("v")); }
  CHECK(get_text(*outer, "x.zip") == "old");
}

TEST_CASE("Python reads the archives written here, and those it writes are read here") {
  const TempDir folder;
  const StorePtr outer = open_store(folder.path());
  {
    const StorePtr tree = memory_store();
    put_text(*tree, "run/ünï.json", "{}");
    put_text(*tree, "run/empty", "");
    put_text(*tree, "run/c/0", std::string(100000, 'z'));
    const store::ZipTotals totals = store::write_zip(*tree, "run", *outer, "ours.zip");
    CHECK(totals.members == 3);
    CHECK(totals.bytes == 100002);
    store::ZipWriter wide(*outer, "wide.zip");
    wide.begin("k");
    wide.append(as_bytes("in pieces"));
    wide.end();
    wide.commit();
  }
  std::ofstream(folder.path() + "/check.py") << R"(
import sys, zipfile
z = zipfile.ZipFile("ours.zip")
assert z.testzip() is None and z.namelist() == ["c/0", "empty", "ünï.json"], z.namelist()
assert zipfile.ZipFile("wide.zip").read("k") == b"in pieces"
with zipfile.ZipFile("theirs.zip", "w", zipfile.ZIP_DEFLATED) as z:
    z.writestr("a/deflated", "x" * 100000)
    z.writestr(zipfile.ZipInfo("a/stored"), "stored")
    z.writestr("a/empty/", "")
    with z.open("a/wide", "w", force_zip64=True) as f: f.write(b"wide")
    z.writestr("twice", "1"); z.writestr("twice", "2")
    z.comment = b"PK\5\6 is no end record here"
)";
  REQUIRE(run("cd '" + folder.path() + "' && python3 -W ignore check.py"));
  const StorePtr theirs = store::zip_store(outer, "theirs.zip");
  CHECK(names(theirs->list("")) == Names{"a/", "twice"});
  CHECK(names(theirs->list("a")) == Names{"deflated", "empty/", "stored", "wide"});
  CHECK(theirs->list("a/empty").empty());
  CHECK(get_text(*theirs, "a/deflated") == std::string(100000, 'x'));
  CHECK(get_text(*theirs, "a/stored") == "stored");
  CHECK(get_text(*theirs, "a/wide") == "wide");
  CHECK(get_text(*theirs, "twice") == "2");
}

TEST_CASE("an archive that was replaced is read anew, ranges at once") {
  const StorePtr outer = memory_store();
  const auto write = [&](const std::string& name, const std::string& text) {
    store::ZipWriter writer(*outer, "x.zip");
    writer.add(name, as_bytes(text));
    writer.commit();
  };
  write("k", "old and long");
  const StorePtr inside = store::zip_store(outer, "x.zip");
  CHECK(range_text(*inside, "k", {.offset = 4, .length = 3}) == "and");
  write("longer/name", "new");
  CHECK(range_text(*inside, "k", {.offset = 4, .length = 3}) == "(absent)");
  CHECK(range_text(*inside, "longer/name", {.offset = 1, .length = 1}) == "e");
}

TEST_CASE("an archive that is missing, and writing into one, are errors that say so") {
  const StorePtr outer = memory_store();
  CHECK_THROWS_AS(store::zip_store(outer, "none.zip")->list(""), NotFoundError);
  const StorePtr inside = archive_of(ZipBytes{}.text());
  CHECK(inside->read_only());
  CHECK_THROWS_AS(put_text(*inside, "k", "v"), PermissionError);
  CHECK_THROWS_AS(inside->erase("k"), PermissionError);
  CHECK_THROWS_AS(inside->staging_prefix("k"), PermissionError);
  CHECK_THROWS_AS(inside->begin_put("k")->commit(), PermissionError);
}

TEST_CASE("archives that lie are refused, each with its reason") {
  CHECK(failure_of(ZipBytes{}.text()) == "(read: value)");
  CHECK(failure_of("") == "it has no end record: it is cut off, or no zip archive");
  const std::string good = ZipBytes{}.text();
  for (std::size_t cut = 0; cut < good.size(); ++cut) {
    CAPTURE(cut);
    CHECK(failure_of(good.substr(0, cut)) ==
          "it has no end record: it is cut off, or no zip archive");
  }
  CHECK(failure_of("junk" + good).find("not the number") == std::string::npos);
  CHECK(failure_of("junk" + good) == "its directory has 0 entries, its end record says 1");
  CHECK(failure_of(ZipBytes{.extra_count = 1}.text()) ==
        "it claims 2 members in a directory of 47 bytes");
  CHECK(failure_of(ZipBytes{.moved_directory = 1000000}.text()) ==
        "its directory (47 bytes at 1000036) is not before its end record");
  CHECK(failure_of(ZipBytes{.parts = {{.size = 6}}}.text()) ==
        "stored member 'k' has two sizes, 5 and 6");
  CHECK(failure_of(ZipBytes{.parts = {{.size = 4000000000, .method = 8}}}.text()) ==
        "member 'k' claims 4000000000 bytes in 5");
  CHECK(failure_of(ZipBytes{.parts = {{.size = 9999, .packed = 9999}}}.text()) ==
        "member 'k' lies outside the file");
  CHECK(failure_of(ZipBytes{.parts = {{.moved = 4000000000}}}.text()) ==
        "member 'k' lies outside the file");
  CHECK(failure_of(ZipBytes{.parts = {{}, {.name = "l", .moved = -3}}}.text()) ==
        "members 'k' and 'l' overlap");
  CHECK(failure_of(ZipBytes{.parts = {{}, {.name = "l", .moved = -36}}}.text()) ==
        "members 'k' and 'l' overlap");
  CHECK(failure_of(ZipBytes{.parts = {{.local_name = "j"}}}.text()) ==
        "member 'k' is not where the directory says");
  CHECK(failure_of(ZipBytes{.parts = {{.crc = 1}}}.text()) ==
        "the bytes of member 'k' do not have the checksum of the directory");
  CHECK(failure_of(ZipBytes{.parts = {{.method = 8}}}.text()) ==
        "member 'k' does not inflate to its 5 bytes");
  CHECK(failure_of(ZipBytes{.before_end = "PK\6\7" + le32(0) + le64(1 << 30) + le32(1)}.text()) ==
        "its records point outside the file, at byte 1073741824");
}

TEST_CASE(
    "encrypted and strangely compressed members are listed, and reading them says what they are") {
  CHECK(failure_of(ZipBytes{.parts = {{.flags = 1}}}.text()) == "storage: it is encrypted");
  CHECK(failure_of(ZipBytes{.parts = {{.method = 93}}}.text()) ==
        "storage: it is compressed by method 93");
  CHECK(names(archive_of(ZipBytes{.parts = {{.flags = 1}}}.text())->list("")) == Names{"k"});
}

TEST_CASE("members with names that are no keys, and links, are left out with a remark") {
  std::vector<std::string> remarks;
  set_log_sink([&](LogLevel, std::string_view text) { remarks.emplace_back(text); });
  ZipBytes bytes;
  for (const std::string& name :
       {std::string("../up"), std::string("/absolute"), std::string("a\\b"), std::string("a//b"),
        std::string("a\0b", 3), std::string("./k"), std::string("..%2fx"), std::string("//"),
        std::string("a/../k")}) {
    bytes.parts.push_back({.name = name});
  }
  bytes.parts.push_back({.name = "link", .mode = 0120777u << 16});
  CHECK(names(archive_of(bytes.text())->list_recursive("")) == Names{"k"});
  set_log_sink({});
  REQUIRE(remarks.size() == 1);
  CHECK(remarks[0].starts_with("left out 10 members"));
}
