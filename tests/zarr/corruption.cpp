// Damaged chunks, shards and metadata: an error that names the key, and no memory asked for in
// vain.
#include "store/wrappers.h"
#include "zarr/array.h"
#include "zarr/foreign_arrays.h"

#include <copick/error.h>
#include <doctest/doctest.h>

#include <limits>

using namespace copick;
using namespace copick::test;

namespace {

zarr::Array new_array(const StorePtr& store, int format, const std::string& prefix = "a") {
  zarr::Array array = zarr::Array::create(
      store, prefix, {.zarr_format = format, .shape = {8, 8, 8}, .chunks = {4, 4, 4}});
  AnyArray values(DType::float32, {8, 8, 8});
  for (int i = 0; i < 512; ++i) values.data_as<float>()[i] = static_cast<float>(i * 31 % 97 + 1);
  array.write(zarr::whole({8, 8, 8}), values.view());
  return array;
}

// Reads all; gives the message of the CorruptError.
std::string failure(const StorePtr& store, const std::string& prefix = "a") {
  const zarr::Array array = zarr::Array::open(store, prefix);
  AnyArray values(array.metadata().dtype, array.metadata().shape);
  try {
    array.read(zarr::whole(values.shape()), values.view());
  } catch (const CorruptError& error) {
    CHECK(!error.facts().where.empty());
    CHECK(!error.facts().hint.empty());
    return error.what();
  }
  return "";
}

void change(Store& store, const std::string& key, auto edit) {
  std::string text(store.get(key)->text());
  edit(text);
  store.put(key, as_bytes(text));
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

void write_number(std::string& text, std::size_t at, std::uint64_t number) {
  for (std::size_t i = 0; i < 8; ++i) text[at + i] = static_cast<char>(number >> (8 * i));
}

// A shard's index: 8 entries of two numbers, then the checksum, which is made right again.
void change_index(Store& store, const std::string& key, auto edit) {
  change(store, key, [&](std::string& text) {
    const std::size_t index = text.size() - 8 * 16 - 4;
    edit(text, index);
    const std::uint32_t checksum =
        zarr::crc32c(as_bytes(std::string_view(text).substr(index, 128)));
    for (std::size_t i = 0; i < 4; ++i)
      text[text.size() - 4 + i] = static_cast<char>(checksum >> (8 * i));
  });
}

}  // namespace

TEST_CASE("a chunk cut at any byte is an error that names it") {
  const StorePtr store = memory_store();
  new_array(store, 2);
  const std::string whole(store->get("a/1/0/1")->text());
  for (std::size_t length = 0; length < whole.size(); ++length) {
    store->put("a/1/0/1", as_bytes(whole.substr(0, length)));
    INFO("cut to ", length, " of ", whole.size());
    CHECK(has(failure(store), "a/1/0/1"));
  }
}

TEST_CASE("an uncompressed chunk of another length says what was expected and found") {
  const StorePtr store = memory_store();
  for (const ForeignArray& foreign : foreign_arrays(2)) {
    if (foreign.name != "raw") continue;
    const auto replace = [&](std::size_t size) {
      foreign.store->put("a/0.0.0", Bytes(size));
      return failure(foreign.store);
    };
    CHECK(has(replace(95), "expected 96 bytes, found 95"));
    CHECK(has(replace(97), "expected 96 bytes, found 97"));
    CHECK(has(replace(0), "a/0.0.0"));
    // A part of it, read by range.
    AnyArray voxel(DType::float32, {1, 1, 1});
    foreign.store->put("a/0.0.0", Bytes(50));
    CHECK_THROWS_AS(
        zarr::Array::open(foreign.store, "a").read({{1, 2, 3}, {2, 3, 4}}, voxel.view()),
        CorruptError);
  }
}

TEST_CASE("a chunk of another array's size is an error") {
  const StorePtr store = memory_store();
  new_array(store, 2);
  zarr::Array other =
      zarr::Array::create(store, "b", {.zarr_format = 2, .shape = {4, 4, 4}, .chunks = {4, 4, 5}});
  AnyArray values(DType::float32, {4, 4, 4});
  array::fill(values.view(), as_bytes(std::string_view("abcd")));
  other.write(zarr::whole({4, 4, 4}), values.view());
  store->put("a/0/0/0", *store->get("b/0/0/0"));
  CHECK(has(failure(store), "a/0/0/0"));
}

TEST_CASE("a shard cut anywhere is an error that names it") {
  const StorePtr store = memory_store();
  new_array(store, 3);
  const std::string whole(store->get("a/0/0/0")->text());
  for (std::size_t length = 0; length < whole.size(); length += 3) {
    store->put("a/0/0/0", as_bytes(whole.substr(0, length)));
    INFO("cut to ", length, " of ", whole.size());
    CHECK(has(failure(store), "a/0/0/0"));
  }
}

TEST_CASE("an index that lies is an error that names the shard, for readers and writers") {
  const std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  const auto check = [](std::uint64_t offset, std::uint64_t length) {
    INFO("offset ", offset, ", length ", length);
    const StorePtr store = memory_store();
    zarr::Array array = new_array(store, 3);
    change_index(*store, "a/0/0/0", [&](std::string& text, std::size_t index) {
      write_number(text, index + 16, offset);
      write_number(text, index + 24, length);
    });
    CHECK(has(failure(store), "a/0/0/0"));
    AnyArray voxel(DType::float32, {1, 1, 1});
    voxel.data_as<float>()[0] = 5;
    CHECK_THROWS_AS(zarr::Array::open(store, "a").write({{7, 7, 7}, {8, 8, 8}}, voxel.view()),
                    CorruptError);
  };
  check(1 << 20, 10);
  check(0, 1 << 20);
  check(most - 5, 5);
  check(most - 5, 100);
  check(0, most);
  check(most, 0);
  check(std::uint64_t{1} << 62, std::uint64_t{1} << 62);
}

TEST_CASE("a wrong checksum of an index says both numbers") {
  const StorePtr store = memory_store();
  new_array(store, 3);
  change(*store, "a/0/0/0", [](std::string& text) { text[text.size() - 1] ^= 1; });
  const std::string message = failure(store);
  CHECK(has(message, "checksum"));
  CHECK(has(message, "0x"));
  CHECK(has(message, "a/0/0/0"));
}

TEST_CASE("an inner chunk of empty bytes is an error") {
  const StorePtr store = memory_store();
  new_array(store, 3);
  change_index(*store, "a/0/0/0",
               [](std::string& text, std::size_t index) { write_number(text, index + 8, 0); });
  CHECK(has(failure(store), "inner chunk (0, 0, 0)"));
}

TEST_CASE("a few bytes that claim a huge chunk ask for no memory") {
  const StorePtr store = memory_store();
  const auto claim = [&](const std::string& compressor) {
    store->put("a/.zarray",
               as_bytes(R"({"zarr_format": 2, "shape": [8, 8], "chunks": [524288, 524288],
      "dtype": "<f4", "compressor": )" +
                        compressor + R"(, "fill_value": 0, "filters": null, "order": "C"})"));
    store->put("a/0.0", as_bytes("some bytes"));
    return failure(store);
  };
  CHECK(has(claim(R"({"id": "zstd", "level": 1})"), "cannot hold"));
  CHECK(has(claim(R"({"id": "zlib", "level": 1})"), "cannot hold"));
  CHECK(has(claim("null"), "a/0.0"));
}

TEST_CASE("regions outside the array and memory of another shape are refused") {
  const StorePtr store = memory_store();
  zarr::Array array = new_array(store, 2);
  AnyArray voxel(DType::float32, {1, 1, 1});
  const auto refused = [&](const zarr::Box& box) {
    CHECK_THROWS_AS(array.read(box, voxel.view()), ValidationError);
    CHECK_THROWS_AS(array.write(box, voxel.view()), ValidationError);
  };
  refused({{7, 7, 8}, {8, 8, 9}});
  refused({{-1, 0, 0}, {0, 1, 1}});
  refused({{1, 1, 1}, {0, 0, 0}});
  refused({{0, 0}, {1, 1}});
  refused({{0, 0, 0}, {2, 1, 1}});
}

TEST_CASE("values that do not fit are refused, and no chunk has changed") {
  const StorePtr store = memory_store();
  zarr::Array array = zarr::Array::create(
      store, "a", {.zarr_format = 2, .shape = {4, 4}, .chunks = {4, 4}, .dtype = DType::uint8});
  AnyArray values(DType::int16, {4, 4});
  for (int i = 0; i < 16; ++i) values.data_as<std::int16_t>()[i] = static_cast<std::int16_t>(-i);
  CHECK_THROWS_AS(array.write(zarr::whole({4, 4}), values.view()), ValidationError);
  CHECK(!store->get("a/0/0"));
}

TEST_CASE("a chunk that may not be read is an error and no fill value") {
  const StorePtr inner = memory_store();
  new_array(inner, 2);
  new_array(inner, 3, "b");
  for (const char* prefix : {"a", "b"}) {
    const StorePtr denied = store::faulty_store(inner, [&](auto, std::string_view key) {
      if (key.ends_with("/0/0/0")) throw PermissionError({"read", std::string(key), "denied", ""});
    });
    AnyArray values(DType::float32, {8, 8, 8});
    CHECK_THROWS_AS(zarr::Array::open(denied, prefix).read(zarr::whole({8, 8, 8}), values.view()),
                    PermissionError);
  }
}
