// Parts of large Blosc chunks: equal to the whole, cheap, and never of two versions of a chunk.
#include "array/convert.h"
#include "store/wrappers.h"
#include "zarr/array.h"
#include "zarr/codec/codec.h"
#include "zarr/parts.h"

#include <copick/error.h>
#include <doctest/doctest.h>

#include <atomic>
#include <cstring>
#include <optional>
#include <random>
#include <string>

using namespace copick;
using test::holds;
using test::read;

namespace {

// A block of 80 KiB is a plane: libblosc makes "blocksize" larger by the element's size.
const Shape kShape{64, 128, 160};  // 5 MiB of float32: one chunk, large enough to be read in blocks

// Noise on a ramp: compresses to about two thirds, so that the chunk is much larger than its table.
AnyArray noisy(DType dtype, unsigned seed = 1) {
  AnyArray values(dtype, kShape);
  std::minstd_rand random(seed);
  const ByteView bytes = values.bytes();
  for (std::size_t i = 0; i < bytes.size(); ++i)
    values.bytes()[i] = static_cast<std::byte>(i % 4 < 2 ? random() >> 8 : i >> 14);
  return values;
}

std::string blosc(const std::string& settings) { return R"({"id": "blosc", )" + settings + "}"; }

zarr::Array new_array(const StorePtr& store, const std::string& compressor,
                      const std::string& dtype = "<i4", const std::string& order = "C") {
  store->put("a/.zarray", as_bytes(R"({"zarr_format": 2, "shape": [64, 128, 160],
    "chunks": [64, 128, 160], "dtype": ")" +
                                   dtype + R"(", "compressor": )" + compressor +
                                   R"(, "fill_value": 7, "filters": null, "order": ")" + order +
                                   R"(", "dimension_separator": "/"})"));
  return zarr::Array::open(store, "a");
}

const zarr::Box kPlane{{21, 0, 0}, {22, 128, 160}};
const zarr::Box kCube{{40, 100, 130}, {52, 128, 160}};

// The word at `at` of the stored chunk.
void change_word(Store& store, std::size_t at, std::uint32_t word) {
  Bytes chunk = *store.get("a/0/0/0");
  for (std::size_t i = 0; i < 4; ++i)
    chunk.data()[at + i] = static_cast<std::byte>(word >> (8 * i));
  store.put("a/0/0/0", chunk);
}

}  // namespace

TEST_CASE("parts read in blocks equal the whole, whatever the codec, blocks, type and order") {
  const AnyArray whole = noisy(DType::int32);
  for (const char* name : {"blosclz", "lz4", "lz4hc", "zlib", "zstd"}) {
    for (const int shuffle : {0, 1, 2}) {
      for (const int block : {0, 30000}) {
        for (const char* order : {"C", "F"}) {
          if (*order == 'F' && (block != 0 || shuffle != 1)) continue;  // enough of those
          const StorePtr store = memory_store();
          const std::string settings = std::string(R"("cname": ")") + name +
                                       R"(", "clevel": 1, "shuffle": )" + std::to_string(shuffle) +
                                       R"(, "blocksize": )" + std::to_string(block);
          zarr::Array array = new_array(store, blosc(settings), "<i4", order);
          array.write(zarr::whole(kShape), whole.view());
          INFO(settings, " order ", order);
          for (const zarr::Box& box : {kPlane, kCube, zarr::Box{{63, 127, 159}, {64, 128, 160}},
                                       zarr::Box{{0, 5, 0}, {64, 6, 160}}})
            CHECK(holds(read(array, box), whole, box));
        }
      }
    }
  }
}

TEST_CASE("elements of every size and either byte order are read in blocks") {
  for (const auto& [stored, dtype] :
       std::vector<std::pair<std::string, DType>>{{"<i4", DType::int32},
                                                  {">i4", DType::int32},
                                                  {"<f8", DType::float64},
                                                  {">c16", DType::complex128},
                                                  {"<c16", DType::complex128}}) {
    const StorePtr store = memory_store();
    zarr::Array array =
        new_array(store, blosc(R"("cname": "lz4", "clevel": 1, "shuffle": 1)"), stored);
    const AnyArray whole = noisy(dtype);
    array.write(zarr::whole(kShape), whole.view());
    INFO(stored);
    CHECK(holds(read(array, kPlane), whole, kPlane));
    CHECK(holds(read(array, kCube), whole, kCube));
  }
}

TEST_CASE("of a large Blosc chunk a plane fetches the table and its blocks only") {
  const auto counted = store::counting_store(memory_store());
  zarr::Array array =
      new_array(counted.store, blosc(R"("cname": "lz4", "clevel": 1, "blocksize": 20480)"));
  const AnyArray whole = noisy(DType::int32);
  array.write(zarr::whole(kShape), whole.view());
  const std::uint64_t stored = counted.store->stat("a/0/0/0")->size;
  counted.reset();
  CHECK(holds(read(array, kPlane), whole, kPlane));
  const auto counts = counted.counts();
  CHECK(counts.fetch_calls == 2);
  CHECK(counts.fetch_parts == 3);  // the head; the table, and the block of the plane
  CHECK(counts.get == 0);
  CHECK(counts.bytes_read < stored / 64 + 2 * 4096);
}

TEST_CASE("blocks wanted far apart are fetched without what lies between, each once") {
  const auto counted = store::counting_store(memory_store());
  zarr::Array array =
      new_array(counted.store, blosc(R"("cname": "lz4", "clevel": 1, "blocksize": 20480)"));
  const AnyArray whole = noisy(DType::int32);
  array.write(zarr::whole(kShape), whole.view());
  const std::uint64_t stored = counted.store->stat("a/0/0/0")->size;
  const std::vector<zarr::Box> boxes{{{2, 0, 0}, {3, 64, 160}},
                                     {{2, 50, 0}, {3, 128, 160}},
                                     {{60, 0, 0}, {61, 128, 160}},
                                     {{2, 9, 9}, {3, 10, 10}},
                                     {{30, 3, 4}, {31, 90, 80}}};
  std::vector<AnyArray> parts;
  std::vector<zarr::Reading> readings;
  for (const zarr::Box& box : boxes) parts.emplace_back(DType::int32, box.shape());
  for (std::size_t i = 0; i < boxes.size(); ++i) readings.push_back({boxes[i], parts[i].view()});
  counted.reset();
  array.read(readings);
  for (std::size_t i = 0; i < boxes.size(); ++i) CHECK(holds(parts[i], whole, boxes[i]));
  CHECK(counted.counts().fetch_parts == 5);  // the head; the table and three blocks
  CHECK(counted.counts().bytes_read < 3 * stored / 64 + 2 * 4096 + 1024);
}

TEST_CASE("a chunk that is not stored is the fill value, and one no longer than a head costs one") {
  const auto counted = store::counting_store(memory_store());
  zarr::Array array = new_array(counted.store, blosc(R"("cname": "zstd", "clevel": 9)"));
  CHECK(read(array, kPlane).data_as<std::int32_t>()[5] == 7);
  AnyArray constant(DType::int32, kShape);
  array::fill(constant.view(), as_bytes(std::string_view("\1\0\0\0", 4)));
  array.write(zarr::whole(kShape), constant.view());
  REQUIRE(counted.store->stat("a/0/0/0")->size < 4096);
  counted.reset();
  CHECK(holds(read(array, kPlane), constant, kPlane));
  CHECK(counted.counts().fetch_parts == 1);
}

TEST_CASE("chunks that Blosc stored as they are are read whole") {
  const StorePtr store = memory_store();
  zarr::Array array = new_array(store, blosc(R"("cname": "lz4", "clevel": 0)"));
  const AnyArray whole = noisy(DType::int32);
  array.write(zarr::whole(kShape), whole.view());
  CHECK(holds(read(array, kPlane), whole, kPlane));
}

TEST_CASE("blocks in any order in the chunk are read in blocks") {
  const auto counted = store::counting_store(memory_store());
  zarr::Array array =
      new_array(counted.store, blosc(R"("cname": "lz4", "clevel": 1, "blocksize": 20480)"));
  const AnyArray whole = noisy(DType::int32);
  array.write(zarr::whole(kShape), whole.view());
  // As threads of libblosc may leave it: the last block first, then all others.
  const Bytes chunk = *counted.store->get("a/0/0/0");
  const auto word = [&](std::size_t at) {
    std::uint32_t value;
    std::memcpy(&value, chunk.data() + at, 4);
    return value;
  };
  const std::uint32_t table_end = 16 + 4 * 64, last = word(16 + 4 * 63);
  const auto length = static_cast<std::uint32_t>(chunk.size()) - last;
  std::string text(chunk.text().substr(0, table_end));
  text += chunk.text().substr(last);
  text += chunk.text().substr(table_end, last - table_end);
  counted.store->put("a/0/0/0", as_bytes(text));
  for (std::size_t block = 0; block < 64; ++block)
    change_word(*counted.store, 16 + 4 * block,
                block == 63 ? table_end : word(16 + 4 * block) + length);
  counted.reset();
  for (const std::int64_t z : {0, 21, 62, 63}) {
    const zarr::Box plane{{z, 0, 0}, {z + 1, 128, 160}};
    CHECK(holds(read(array, plane), whole, plane));
  }
  CHECK(counted.counts().fetch_parts == 4 * 3);
}

TEST_CASE("a chunk replaced between head and blocks gives the old plane or the new one") {
  const StorePtr inner = memory_store();
  const std::string compressor = blosc(R"("cname": "lz4", "clevel": 1)");
  const AnyArray before = noisy(DType::int32, 1), after = noisy(DType::int32, 2);
  zarr::Array writer = new_array(inner, compressor);
  writer.write(zarr::whole(kShape), before.view());
  std::atomic<int> asked{0};
  const StorePtr store =
      store::faulty_store(inner, [&](std::string_view verb, std::string_view key) {
        if (verb == "fetch" && key == "a/0/0/0" && ++asked == 2)
          writer.write(zarr::whole(kShape), after.view());
      });
  const AnyArray plane = read(zarr::Array::open(store, "a"), kPlane);
  CHECK(asked >= 3);
  CHECK(holds(plane, after, kPlane));
}

TEST_CASE("a chunk removed between head and blocks is the fill value") {
  const StorePtr inner = memory_store();
  zarr::Array writer = new_array(inner, blosc(R"("cname": "lz4", "clevel": 1)"));
  writer.write(zarr::whole(kShape), noisy(DType::int32).view());
  std::atomic<int> asked{0};
  const StorePtr store =
      store::faulty_store(inner, [&](std::string_view verb, std::string_view key) {
        if (verb == "fetch" && key == "a/0/0/0" && ++asked == 2) inner->erase("a/0/0/0");
      });
  CHECK(read(zarr::Array::open(store, "a"), kPlane).data_as<std::int32_t>()[0] == 7);
}

TEST_CASE("a damaged table or header is an error that names the chunk, or read as the whole is") {
  const AnyArray whole = noisy(DType::int32);
  const StorePtr store = memory_store();
  zarr::Array array = new_array(store, blosc(R"("cname": "lz4", "clevel": 1, "blocksize": 20480)"));
  array.write(zarr::whole(kShape), whole.view());
  const Bytes good = *store->get("a/0/0/0");
  const auto size = static_cast<std::uint32_t>(good.size());
  // What is read of the box; nullopt: an error, which names the chunk.
  const auto outcome = [&](const zarr::Box& box) -> std::optional<AnyArray> {
    try {
      return read(array, box);
    } catch (const CorruptError& error) {
      CHECK(std::string(error.what()).find("a/0/0/0") != std::string::npos);
      return std::nullopt;
    }
  };
  for (std::size_t at = 0; at < 16 + 4 * 64; at += 4) {
    for (const std::uint32_t wrong : {0U, 271U, 272U, size - 4, size, 0xffffffffU}) {
      store->put("a/0/0/0", good);
      change_word(*store, at, wrong);
      INFO("word at ", at, " is ", wrong);
      const auto plane = outcome(kPlane);
      if (!plane) continue;
      // Blosc has no checksum: one block's place in the table may name another block.
      const auto all = outcome(zarr::whole(kShape));
      CHECK(holds(*plane, all ? *all : whole, kPlane));
    }
  }
}

TEST_CASE("a chunk cut anywhere never gives other voxels") {
  const AnyArray whole = noisy(DType::int32);
  const StorePtr store = memory_store();
  zarr::Array array = new_array(store, blosc(R"("cname": "lz4", "clevel": 1)"));
  array.write(zarr::whole(kShape), whole.view());
  const std::string good(store->get("a/0/0/0")->text());
  const zarr::Box last{{63, 0, 0}, {64, 128, 160}};
  for (std::size_t length = 0; length < good.size(); length += good.size() / 61 + 1) {
    store->put("a/0/0/0", as_bytes(good.substr(0, length)));
    INFO("cut to ", length, " of ", good.size());
    CHECK_THROWS_AS(read(array, last), CorruptError);
  }
}
