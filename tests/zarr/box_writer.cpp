// Arrays filled box by box.
#include "zarr/box_writer.h"
#include "store/wrappers.h"

#include <copick/error.h>
#include <doctest/doctest.h>

#include <cstring>

using namespace copick;

namespace {

AnyArray counting(const Shape& shape) {
  AnyArray values(DType::uint16, shape);
  for (std::int64_t i = 0; i < element_count(shape); ++i)
    values.data_as<std::uint16_t>()[i] = static_cast<std::uint16_t>(i % 997);
  return values;
}

// The array written in boxes of one chunk, last first.
void write_backwards(const zarr::Array& array, const AnyArray& values, std::size_t small_shard) {
  zarr::BoxWriter writer(array, Durability::none, small_shard);
  const Shape& chunk = array.metadata().decode_chunks();
  std::vector<zarr::Part> parts;
  for (zarr::GridWalk walk(zarr::whole(values.shape()), chunk); auto part = walk.next();)
    parts.push_back(std::move(*part));
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
    AnyArray padded(values.dtype(), chunk);
    std::memset(padded.bytes().data(), 0, padded.bytes().size());
    const Strides strides = c_strides(values.shape(), 2), own = c_strides(chunk, 2);
    const Shape shape = part->target.shape();
    for (std::int64_t z = 0; z < shape[0]; ++z)
      for (std::int64_t y = 0; y < shape[1]; ++y)
        std::memcpy(padded.bytes().data() + z * own[0] + y * own[1],
                    values.bytes().data() + (part->target.begin[0] + z) * strides[0] +
                        (part->target.begin[1] + y) * strides[1] + part->target.begin[2] * 2,
                    static_cast<std::size_t>(shape[2] * 2));
    writer.put(part->target, padded.view(), {});
  }
}

bool holds(const zarr::Array& array, const AnyArray& values) {
  AnyArray found(values.dtype(), values.shape());
  array.read(zarr::whole(values.shape()), found.view());
  return std::memcmp(found.bytes().data(), values.bytes().data(), found.bytes().size()) == 0;
}

}  // namespace

TEST_CASE("boxes in any order make the array, with shards gathered or streamed") {
  const AnyArray values = counting({9, 7, 11});
  for (const int format : {2, 3}) {
    for (const std::size_t small : {std::size_t{0}, std::size_t{1} << 20}) {
      zarr::NewArray array{.zarr_format = format,
                           .shape = values.shape(),
                           .chunks = {4, 2, 4},
                           .dtype = values.dtype()};
      if (format == 3) array.shards = Shape{4, 4, 8};
      const store::CountedStore counted = store::counting_store(memory_store());
      write_backwards(zarr::Array::create(counted.store, "a", array), values, small);
      const zarr::Array back = zarr::Array::open(counted.store, "a");
      CHECK(holds(back, values));
      // Every chunk, or shard, is put once.
      CHECK(counted.counts().put == static_cast<std::uint64_t>(element_count(back.grid())) + 1);
    }
  }
}

TEST_CASE("a shard appears when its last inner chunk was put") {
  const zarr::NewArray array{
      .zarr_format = 3, .shape = {4, 4, 2}, .chunks = {2, 4, 2}, .dtype = DType::uint16};
  const AnyArray half = counting({2, 4, 2});
  const StorePtr store = memory_store();
  zarr::BoxWriter writer(zarr::Array::create(store, "a", array), Durability::none, 0);
  writer.put({{2, 0, 0}, {4, 4, 2}}, half.view(), {});
  CHECK(store->list_recursive("a").size() == 1);
  writer.put({{0, 0, 0}, {2, 4, 2}}, half.view(), {});
  CHECK(store->list_recursive("a").size() == 2);
}

TEST_CASE("a shard of nothing but the fill value is not put") {
  const zarr::NewArray array{
      .zarr_format = 3, .shape = {4, 4, 4}, .chunks = {2, 2, 2}, .dtype = DType::uint16};
  AnyArray zeros(DType::uint16, {4, 4, 4});
  std::memset(zeros.bytes().data(), 0, zeros.bytes().size());
  for (const std::size_t small : {std::size_t{0}, std::size_t{1} << 20}) {
    const StorePtr store = memory_store();
    const zarr::Array made = zarr::Array::create(store, "a", array);
    write_backwards(made, zeros, small);
    CHECK(store->list_recursive("a").size() == 1);
    CHECK(holds(made, zeros));
  }
}

TEST_CASE("a shard whose put fails is not there") {
  for (const std::string_view failing : {"begin_put", "append", "commit"}) {
    const StorePtr inner = memory_store();
    const StorePtr faulty =
        store::faulty_store(inner, [&](std::string_view verb, std::string_view key) {
          if (verb == failing)
            throw StorageError({"write", std::string(key), "the disk is full", ""});
        });
    const zarr::NewArray array{
        .zarr_format = 3, .shape = {4, 4, 4}, .chunks = {2, 2, 2}, .dtype = DType::uint16};
    const zarr::Array made = zarr::Array::create(faulty, "a", array);
    CHECK_THROWS_AS(write_backwards(made, counting({4, 4, 4}), 0), StorageError);
    CHECK(inner->list_recursive("a").size() == 1);
  }
}

TEST_CASE("a box that is not inside the array is refused") {
  const zarr::NewArray array{.shape = {4, 4, 4}, .chunks = {2, 2, 2}, .dtype = DType::uint16};
  zarr::BoxWriter writer(zarr::Array::create(memory_store(), "a", array), Durability::none);
  const AnyArray chunk = counting({2, 2, 2});
  CHECK_THROWS_AS(writer.put({{4, 0, 0}, {6, 2, 2}}, chunk.view(), {}), ValidationError);
}
