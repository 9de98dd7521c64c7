// Parts of large Blosc chunks inside shards: equal to the whole, cheap, and never of two versions
// of a shard.
#include "array/convert.h"
#include "store/wrappers.h"
#include "zarr/array.h"
#include "zarr/parts.h"
#include "zarr/shard_index.h"

#include <copick/error.h>
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

using namespace copick;
using test::holds;
using test::read;

namespace {

constexpr std::size_t kInner = std::size_t{4} << 20;  // bytes: large enough to be read in blocks

struct Layout {
  DType dtype = DType::float32;
  Shape inner{64, 128, 128};
  Shape shard{128, 128, 128};
  Shape shape{128, 128, 128};
  std::string compressor = "lz4", shuffle = "shuffle", index_place = "end";
  int block_size = 0;
};

std::string list(const Shape& shape) {
  std::string text = shape_text(shape);
  return '[' + text.substr(1, text.size() - 2) + ']';
}

zarr::Array new_array(const StorePtr& store, const Layout& layout) {
  const std::string little = R"({"name": "bytes", "configuration": {"endian": "little"}})";
  store->put("a/zarr.json",
             as_bytes(R"({"zarr_format": 3, "node_type": "array", "shape": )" + list(layout.shape) +
                      R"(, "data_type": ")" + std::string(name_of(layout.dtype)) +
                      R"(", "fill_value": 0, "chunk_key_encoding": {"name": "default"},
    "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": )" +
                      list(layout.shard) + R"(}},
    "codecs": [{"name": "sharding_indexed", "configuration": {"chunk_shape": )" +
                      list(layout.inner) + R"(, "index_location": ")" + layout.index_place +
                      R"(", "index_codecs": [)" + little + R"(, {"name": "crc32c"}], "codecs": [)" +
                      little + R"(, {"name": "blosc", "configuration": {"cname": ")" +
                      layout.compressor + R"(", "clevel": 1, "shuffle": ")" + layout.shuffle +
                      R"(", "typesize": )" + std::to_string(size_of(layout.dtype)) +
                      R"(, "blocksize": )" + std::to_string(layout.block_size) + "}}]}}]}"));
  return zarr::Array::open(store, "a");
}

// Noise in the lower half of each four bytes, a ramp in the upper: compresses to about two thirds.
AnyArray noisy(const Layout& layout, unsigned seed = 1) {
  AnyArray values(layout.dtype, layout.shape);
  std::minstd_rand random(seed);
  const MutableByteView bytes = values.bytes();
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<std::byte>(i % 4 < 2 ? random() >> 8 : i >> 14);
  return values;
}

zarr::Box random_box(const Shape& shape, std::minstd_rand& random) {
  zarr::Box box = zarr::whole(shape);
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    const auto length = static_cast<unsigned long>(shape[axis]);
    // Thin as often as not: a box that spans much of a chunk is read from the whole.
    const unsigned long most = random() % 2 == 0 ? 9 : length;
    box.begin[axis] = static_cast<std::int64_t>(random() % length);
    box.end[axis] = std::min<std::int64_t>(
        shape[axis], box.begin[axis] + 1 + static_cast<std::int64_t>(random() % most));
  }
  return box;
}

const zarr::Box kPlane{{21, 0, 0}, {22, 128, 128}};
const std::string kKey = "a/c/0/0/0";

// The entries of the only shard, index at the end.
std::vector<std::optional<zarr::ShardEntry>> entries_of(Store& store, const zarr::Array& array) {
  const Bytes shard = *store.get(kKey);
  const std::size_t size = zarr::ShardIndex::stored_size(array.metadata());
  const auto index =
      zarr::ShardIndex::parse(Bytes::copy_of(shard.view().last(size)), array.metadata(), kKey);
  return {index.entry(0), index.entry(1)};
}

// A store that calls `meanwhile` before the `number`-th part of the shard is asked for.
StorePtr interrupted(const StorePtr& inner, int number, std::function<void()> meanwhile) {
  const auto asked = std::make_shared<std::atomic<int>>(0);
  return store::faulty_store(inner, [=](std::string_view verb, std::string_view key) {
    if (verb == "fetch" && key == kKey && ++*asked == number) meanwhile();
  });
}

}  // namespace

TEST_CASE("regions of sharded Blosc arrays equal the whole, whatever codec, type and layout") {
  const std::vector<std::pair<DType, Shape>> types{{DType::float32, {64, 128, 128}},
                                                   {DType::int16, {128, 128, 128}},
                                                   {DType::uint8, {128, 256, 128}},
                                                   {DType::float64, {32, 128, 128}}};
  std::minstd_rand random(11);
  std::size_t round = 0;
  for (const char* compressor : {"lz4", "zstd"}) {
    for (const char* shuffle : {"noshuffle", "shuffle", "bitshuffle"}) {
      for (const char* index_place : {"start", "end"}) {
        const auto& [dtype, inner] = types[round++ % types.size()];
        Layout layout{.dtype = dtype, .inner = inner, .compressor = compressor};
        layout.shuffle = shuffle;
        layout.index_place = index_place;
        layout.shard = round % 3 == 0 ? inner : Shape{2 * inner[0], inner[1], inner[2]};
        layout.shape = {2 * inner[0] - 7, inner[1], inner[2] - 1};
        INFO(compressor, " ", shuffle, " ", index_place, " ", name_of(dtype));
        const StorePtr store = memory_store();
        zarr::Array array = new_array(store, layout);
        const AnyArray whole = noisy(layout);
        array.write(zarr::whole(layout.shape), whole.view());
        std::vector<zarr::Box> boxes;
        std::vector<AnyArray> together;
        std::vector<zarr::Reading> readings;
        for (int i = 0; i < 8; ++i) boxes.push_back(random_box(layout.shape, random));
        for (const zarr::Box& box : boxes) CHECK(holds(read(array, box), whole, box));
        for (const zarr::Box& box : boxes) together.emplace_back(dtype, box.shape());
        for (std::size_t i = 0; i < boxes.size(); ++i)
          readings.push_back({boxes[i], together[i].view()});
        array.read(readings);
        for (std::size_t i = 0; i < boxes.size(); ++i) CHECK(holds(together[i], whole, boxes[i]));
      }
    }
  }
}

TEST_CASE("of a large inner chunk a plane fetches the index, the table and its blocks only") {
  const auto counted = store::counting_store(memory_store());
  const Layout layout{.block_size = 16384};  // a block is a plane: four times that
  zarr::Array array = new_array(counted.store, layout);
  const AnyArray whole = noisy(layout);
  array.write(zarr::whole(layout.shape), whole.view());
  const std::uint64_t stored = counted.store->stat(kKey)->size;
  counted.reset();
  CHECK(holds(read(array, kPlane), whole, kPlane));
  CHECK(counted.counts().fetch_calls == 3);
  CHECK(counted.counts().fetch_parts == 5);  // index; head; table, block, and the index to compare
  CHECK(counted.counts().bytes_read < stored / 128 + 2 * 4096);
  counted.reset();
  const zarr::Box other{{100, 0, 0}, {101, 128, 128}};  // the second inner chunk
  CHECK(holds(read(array, other), whole, other));
  CHECK(counted.counts().fetch_calls == 2);
  CHECK(counted.counts().fetch_parts == 4);
}

TEST_CASE("an inner chunk that is small as stored, or wanted as a whole, is one request") {
  const auto counted = store::counting_store(memory_store());
  const Layout layout;
  zarr::Array array = new_array(counted.store, layout);
  const AnyArray whole = noisy(layout);
  array.write(zarr::whole(layout.shape), whole.view());
  AnyArray constant(layout.dtype, {64, 128, 128});
  array::fill(constant.view(), as_bytes(std::string_view("\1\2\3\4", 4)));
  array.write({{64, 0, 0}, {128, 128, 128}}, constant.view());
  for (const zarr::Box& box :
       {zarr::Box{{0, 0, 0}, {64, 128, 128}}, zarr::Box{{80, 0, 0}, {81, 128, 128}}}) {
    read(array, zarr::Box{{0, 0, 0}, {1, 1, 1}});  // so that the index is kept
    counted.reset();
    read(array, box);
    CHECK(counted.counts().fetch_calls == 1);
    CHECK(counted.counts().fetch_parts == 2);  // it, and the index to compare
  }
}

TEST_CASE("a shard replaced between index, head and blocks gives the old plane or the new one") {
  const Layout layout;
  const AnyArray before = noisy(layout, 1), after = noisy(layout, 2);
  for (int number = 1; number <= 5; ++number) {
    const StorePtr inner = memory_store();
    zarr::Array writer = new_array(inner, layout);
    writer.write(zarr::whole(layout.shape), before.view());
    const StorePtr store =
        interrupted(inner, number, [&] { writer.write(zarr::whole(layout.shape), after.view()); });
    INFO("replaced before part ", number);
    CHECK(holds(read(zarr::Array::open(store, "a"), kPlane), after, kPlane));
  }
}

TEST_CASE("an inner chunk that took another's place is not taken for it, be its table the same") {
  // Half noise, which is stored as it is, half of one value: equal lengths of all blocks.
  const Layout layout{.shuffle = "noshuffle", .block_size = 16384};
  AnyArray values = noisy(layout);
  std::minstd_rand random(5);
  const MutableByteView bytes = values.bytes();
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = i % kInner < kInner / 2 ? static_cast<std::byte>(random() >> 8) : std::byte{1};
  const StorePtr inner = memory_store();
  zarr::Array writer = new_array(inner, layout);
  writer.write(zarr::whole(layout.shape), values.view());
  const auto entries = entries_of(*inner, writer);
  const Bytes shard = *inner->get(kKey);
  REQUIRE(entries[0]->length == entries[1]->length);
  constexpr std::size_t table_end = 16 + 4 * kInner / 65536;
  REQUIRE(std::memcmp(shard.data() + entries[0]->offset, shard.data() + entries[1]->offset,
                      table_end) == 0);
  AnyArray nothing(layout.dtype, layout.inner);
  array::fill(nothing.view(), as_bytes(std::string_view("\0\0\0\0", 4)));
  const StorePtr store =
      interrupted(inner, 3, [&] { writer.write({{0, 0, 0}, {64, 128, 128}}, nothing.view()); });
  const AnyArray plane = read(zarr::Array::open(store, "a"), kPlane);
  CHECK(entries_of(*inner, writer)[1]->offset == entries[0]->offset);
  CHECK(holds(plane, nothing, kPlane));
}

TEST_CASE("a damaged inner chunk is one error that names the shard, or read as the whole is") {
  const Layout layout{.block_size = 20480};
  const StorePtr store = memory_store();
  zarr::Array array = new_array(store, layout);
  const AnyArray whole = noisy(layout);
  array.write(zarr::whole(layout.shape), whole.view());
  const std::string good(store->get(kKey)->text());
  const zarr::ShardEntry entry = *entries_of(*store, array)[0];
  int errors = 0;
  const auto outcome = [&](const zarr::Box& box) -> std::optional<AnyArray> {
    try {
      return read(array, box);
    } catch (const CorruptError& error) {
      ++errors;
      CHECK(error.facts().where == store->url(kKey) + ", inner chunk (0, 0, 0)");
      return std::nullopt;
    }
  };
  const auto length = static_cast<std::uint32_t>(entry.length);
  for (std::size_t at = 0; at < 16 + 4 * 52; at += 12) {
    for (const std::uint32_t wrong : {0U, 300U, length - 4, length, 0xffffffffU}) {
      std::string bad = good;
      for (std::size_t i = 0; i < 4; ++i)
        bad[entry.offset + at + i] = static_cast<char>(wrong >> (8 * i));
      store->put(kKey, as_bytes(bad));
      INFO("word at ", at, " is ", wrong);
      const auto plane = outcome(kPlane);
      if (!plane) continue;
      const auto all = outcome({{0, 0, 0}, {64, 128, 128}});
      CHECK(holds(*plane, all ? *all : whole, kPlane));
    }
  }
  CHECK(errors > 5);
}

TEST_CASE("a shard that ends within an inner chunk is an error that says what the index says") {
  const Layout layout{.index_place = "start"};
  const StorePtr store = memory_store();
  zarr::Array array = new_array(store, layout);
  array.write(zarr::whole(layout.shape), noisy(layout).view());
  const std::string good(store->get(kKey)->text());
  const zarr::Box last{{127, 0, 0}, {128, 128, 128}};
  for (const std::size_t cut : {std::size_t{1}, std::size_t{70000}, good.size() / 2 - 1000}) {
    store->put(kKey, as_bytes(good.substr(0, good.size() - cut)));
    INFO("cut by ", cut);
    CHECK_THROWS_WITH_AS(read(array, last), doctest::Contains("which the shard does not have"),
                         CorruptError);
  }
}
