// Shards: their very bytes, and what may stand in those of other writers.
#include "store/wrappers.h"
#include "zarr/array.h"
#include "zarr/foreign_arrays.h"
#include "zarr/shard_builder.h"

#include <copick/error.h>
#include <doctest/doctest.h>

#include <cmath>
#include <cstring>

using namespace copick;
using namespace copick::test;

namespace {

AnyArray counting(const Shape& shape) {
  AnyArray values(DType::float32, shape);
  const std::int64_t count = element_count(shape);
  for (std::int64_t i = 0; i < count; ++i) values.data_as<float>()[i] = static_cast<float>(i + 1);
  return values;
}

AnyArray read_all(const zarr::Array& array) {
  AnyArray values(array.metadata().dtype, array.metadata().shape);
  array.read(zarr::whole(values.shape()), values.view());
  return values;
}

bool same(const AnyArray& a, const AnyArray& b) {
  return std::memcmp(a.bytes().data(), b.bytes().data(), a.bytes().size()) == 0;
}

// One shard of 2 x 2 x 2 inner chunks of 2 x 2 x 2 voxels.
zarr::NewArray small_array() { return {.zarr_format = 3, .shape = {4, 4, 4}, .chunks = {2, 2, 2}}; }

std::string stored(Store& store, const std::string& key) {
  const auto bytes = store.get(key);
  return bytes ? std::string(bytes->text()) : "";
}

}  // namespace

TEST_CASE("a shard has the very bytes copick 2 writes") {
  const StorePtr store = memory_store();
  zarr::Array array =
      zarr::Array::create(store, "a", {.zarr_format = 3, .shape = {3, 3, 3}, .chunks = {3, 3, 3}});
  const AnyArray values = counting({3, 3, 3});
  array.write(zarr::whole({3, 3, 3}), values.view());
  const Bytes golden = from_hexadecimal(
      "28b52ffd206c5501000402000080004080a0c0e0001020304050607080889098a0a8b0b8c0c8d0d83f4041031000"
      "29ba5c4e2c000000000000000033000000000000"
      "00ae714210");
  CHECK(stored(*store, "a/0/0/0") == golden.text());
  CHECK(same(read_all(array), values));
}

TEST_CASE("inner chunks stand in Morton order, the first axis fastest") {
  CHECK(zarr::morton_order({2, 2, 2}) == std::vector<std::size_t>{0, 4, 2, 6, 1, 5, 3, 7});
  CHECK(zarr::morton_order({3, 1, 2}) == std::vector<std::size_t>{0, 2, 1, 3, 4, 5});
  CHECK(zarr::morton_order({1}) == std::vector<std::size_t>{0});
  CHECK(zarr::morton_order({}) == std::vector<std::size_t>{0});
}

TEST_CASE("fill is not stored: no inner chunk, no shard, and none is left behind") {
  const StorePtr store = memory_store();
  zarr::Array array = zarr::Array::create(store, "a", small_array());
  AnyArray values(DType::float32, {4, 4, 4});
  array::fill(values.view(), as_bytes(std::string_view("\0\0\0\0", 4)));
  array.write(zarr::whole({4, 4, 4}), values.view());
  CHECK(!store->get("a/0/0/0"));
  values.data_as<float>()[0] = -0.0f;
  array.write(zarr::whole({4, 4, 4}), values.view());
  REQUIRE(store->get("a/0/0/0"));
  CHECK(std::signbit(read_all(array).data_as<float>()[0]));
  values.data_as<float>()[0] = 0.0f;
  array.write(zarr::whole({4, 4, 4}), values.view());
  CHECK(!store->get("a/0/0/0"));
}

TEST_CASE("a small change keeps the encoded bytes of inner chunks it does not touch") {
  const StorePtr store = memory_store();
  zarr::Array array = zarr::Array::create(store, "a", small_array());
  array.write(zarr::whole({4, 4, 4}), counting({4, 4, 4}).view());
  // An inner chunk that cannot be decoded stands where the change does not reach: it must not
  // matter.
  Bytes shard = *store->get("a/0/0/0");
  shard.data()[0] ^= std::byte{0xff};
  store->put("a/0/0/0", shard);
  const AnyArray patch = counting({1, 1, 1});
  array.write({{3, 3, 3}, {4, 4, 4}}, patch.view());
  const std::string changed = stored(*store, "a/0/0/0");
  CHECK(changed.substr(0, 8) == std::string(shard.text().substr(0, 8)));
  AnyArray corner(DType::float32, {2, 2, 2});
  array.read({{2, 2, 2}, {4, 4, 4}}, corner.view());
  CHECK(corner.data_as<float>()[7] == 1.0f);
  CHECK(corner.data_as<float>()[6] == 63.0f);
  AnyArray voxel(DType::float32, {1, 1, 1});
  CHECK_THROWS_AS(array.read({{0, 0, 0}, {1, 1, 1}}, voxel.view()), CorruptError);
}

TEST_CASE("a region moves its shard once and no other") {
  const auto counted = store::counting_store(memory_store());
  zarr::NewArray layout = small_array();
  layout.shape = {4, 4, 8};
  layout.shards = Shape{4, 4, 4};
  zarr::Array array = zarr::Array::create(counted.store, "a", layout);
  array.write(zarr::whole(layout.shape), counting(layout.shape).view());
  counted.reset();
  array.write({{1, 1, 5}, {3, 3, 7}}, counting({2, 2, 2}).view());
  CHECK(counted.counts().get == 1);
  CHECK(counted.counts().put == 1);
}

TEST_CASE("reversed order, gaps and an index without a checksum are read, and survive a change") {
  const StorePtr store = memory_store();
  zarr::Array usual = zarr::Array::create(store, "a", small_array());
  const AnyArray values = counting({4, 4, 4});
  usual.write(zarr::whole({4, 4, 4}), values.view());
  const Bytes shard = *store->get("a/0/0/0");
  const zarr::ArrayMetadata& metadata = usual.metadata();
  const std::size_t index_size = zarr::ShardIndex::stored_size(metadata);
  const auto index =
      zarr::ShardIndex::parse(Bytes::copy_of(shard.view().last(index_size)), metadata, "shard");
  for (const bool at_start : {false, true}) {
    Json document = metadata.document;
    Json& configuration = *document.find("codecs")->elements()[0].find("configuration");
    configuration["index_codecs"].elements().pop_back();
    if (at_start) configuration["index_location"] = Json::string("start");
    zarr::ShardingMetadata sharding = *metadata.sharding;
    sharding.index_crc32c = false;
    const std::size_t bare_size = index_size - 4;
    std::string body(at_start ? bare_size : 0, '\0');
    std::vector<std::optional<zarr::ShardEntry>> entries(8);
    for (std::size_t i = 8; i-- > 0;) {
      const auto entry = *index.entry(i);
      body += "gap....";
      entries[i] = zarr::ShardEntry{body.size(), entry.length};
      body += shard.text().substr(entry.offset, entry.length);
    }
    const Bytes encoded = zarr::encode_index(entries, sharding);
    if (at_start)
      body.replace(0, bare_size, encoded.text());
    else
      body += encoded.text();
    store->put("b/zarr.json", as_bytes(document.dump(2)));
    store->put("b/0/0/0", as_bytes(body));
    zarr::Array odd = zarr::Array::open(store, "b");
    CHECK(same(read_all(odd), values));
    AnyArray patch(DType::float32, {2, 1, 4});
    array::copy_convert(array::subview(values.view(), {0, 0, 0}, {2, 1, 4}), patch.view());
    odd.write({{1, 3, 0}, {3, 4, 4}}, patch.view());
    AnyArray expected(DType::float32, {4, 4, 4});
    array::copy_convert(values.view(), expected.view());
    array::copy_convert(patch.view(), array::subview(expected.view(), {1, 3, 0}, {3, 4, 4}));
    CHECK(same(read_all(zarr::Array::open(store, "b")), expected));
  }
}

TEST_CASE("a kept index never leads into a shard that was replaced") {
  const StorePtr store = memory_store();
  zarr::Array reader = zarr::Array::create(store, "a", small_array());
  zarr::Array writer = zarr::Array::open(store, "a");
  AnyArray values = counting({4, 4, 4});
  for (int round = 0; round < 8; ++round) {
    for (std::int64_t i = 0; i < 64; ++i) {
      // Now compressible, now not, now empty: lengths and places of all inner chunks change.
      float& value = values.data_as<float>()[i];
      if (round % 3 == 0) value = static_cast<float>(std::sin(i * 7 + round));
      if (round % 3 == 1) value = static_cast<float>(round);
      if (round % 3 == 2) value = i % 16 < 8 ? 0.0f : static_cast<float>(i % 3);
    }
    writer.write(zarr::whole({4, 4, 4}), values.view());
    CHECK(same(read_all(reader), values));
  }
}

TEST_CASE("one inner chunk costs two round trips, then one with the kept index") {
  const auto counted = store::counting_store(memory_store());
  zarr::Array array = zarr::Array::create(counted.store, "a", small_array());
  array.write(zarr::whole({4, 4, 4}), counting({4, 4, 4}).view());
  AnyArray chunk(DType::float32, {2, 2, 2});
  counted.reset();
  array.read({{0, 0, 0}, {2, 2, 2}}, chunk.view());
  CHECK(counted.counts().fetch_parts == 3);  // the index; the chunk, and the index to compare
  CHECK(counted.counts().get == 0);
  counted.reset();
  array.read({{2, 2, 2}, {4, 4, 4}}, chunk.view());
  CHECK(counted.counts().fetch_parts == 2);
}
