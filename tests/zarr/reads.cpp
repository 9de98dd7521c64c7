// Reading: how much is asked for, and strides of every kind.
#include "store/wrappers.h"
#include "zarr/array.h"
#include "zarr/foreign_arrays.h"

#include <copick/error.h>
#include <doctest/doctest.h>

#include <cstring>
#include <thread>

using namespace copick;
using namespace copick::test;

namespace {

AnyArray counting(const Shape& shape) {
  AnyArray values(DType::int32, shape);
  const std::int64_t count = element_count(shape);
  for (std::int64_t i = 0; i < count; ++i)
    values.data_as<std::int32_t>()[i] = static_cast<std::int32_t>(i * 7 % 10007 + 1);
  return values;
}

// An array without compressor, one chunk of 4 MiB.
zarr::Array raw_array(const StorePtr& store, const AnyArray& values) {
  store->put("a/.zarray", as_bytes(R"({"zarr_format": 2, "shape": [64, 128, 128],
    "chunks": [64, 128, 128], "dtype": "<i4", "compressor": null, "fill_value": 0, "filters": null,
    "order": "C", "dimension_separator": "/"})"));
  zarr::Array array = zarr::Array::open(store, "a");
  array.write(zarr::whole(values.shape()), values.view());
  return array;
}

}  // namespace

TEST_CASE("of an uncompressed chunk only what is wanted is fetched") {
  const auto counted = store::counting_store(memory_store());
  const AnyArray values = counting({64, 128, 128});
  const zarr::Array array = raw_array(counted.store, values);
  const auto bytes_for = [&](const zarr::Box& box) {
    AnyArray part(DType::int32, box.shape());
    AnyArray expected(DType::int32, box.shape());
    counted.reset();
    array.read(box, part.view());
    array::copy_convert(array::subview(values.view(), box.begin, box.end), expected.view());
    CHECK(std::memcmp(part.bytes().data(), expected.bytes().data(), part.bytes().size()) == 0);
    return counted.counts().bytes_read;
  };
  constexpr std::uint64_t row = 128 * 4, plane = 128 * row;
  CHECK(bytes_for({{5, 0, 0}, {6, 128, 128}}) == plane);
  CHECK(bytes_for({{5, 7, 9}, {6, 8, 10}}) == 4);
  CHECK(bytes_for({{0, 0, 0}, {64, 128, 128}}) == 64 * plane);
  // Rows lie 64 KiB apart: close enough to be fetched together, and then it is one request.
  CHECK(bytes_for({{0, 7, 0}, {64, 8, 128}}) == 63 * plane + row);
  CHECK(counted.counts().fetch_parts == 1);
}

TEST_CASE("gaps of an uncompressed chunk that are wider than a request are left out") {
  const auto counted = store::counting_store(memory_store());
  counted.store->put("a/.zarray", as_bytes(R"({"zarr_format": 2, "shape": [4, 256, 256],
    "chunks": [4, 256, 256], "dtype": "<i4", "compressor": null, "fill_value": 0, "filters": null,
    "order": "C", "dimension_separator": "/"})"));
  zarr::Array array = zarr::Array::open(counted.store, "a");
  const AnyArray values = counting({4, 256, 256});
  array.write(zarr::whole(values.shape()), values.view());
  counted.reset();
  AnyArray part(DType::int32, {4, 1, 256});
  array.read({{0, 9, 0}, {4, 10, 256}}, part.view());
  CHECK(counted.counts().bytes_read == 4 * 256 * 4);
  CHECK(counted.counts().fetch_parts == 4);
  for (std::int64_t z = 0; z < 4; ++z)
    CHECK(part.data_as<std::int32_t>()[z * 256 + 3] ==
          values.data_as<std::int32_t>()[(z * 256 + 9) * 256 + 3]);
}

TEST_CASE("destinations may be strided, reversed and of another type") {
  const StorePtr store = memory_store();
  zarr::Array array = zarr::Array::create(
      store, "a",
      {.zarr_format = 2, .shape = {6, 7, 8}, .chunks = {4, 4, 4}, .dtype = DType::int32});
  const AnyArray values = counting({6, 7, 8});
  array.write(zarr::whole({6, 7, 8}), values.view());
  AnyArray wide(DType::float64, {12, 7, 8});
  ArrayView reversed = wide.view();
  reversed.shape[0] = 6;
  reversed.data += 10 * reversed.strides[0];
  reversed.strides[0] *= -2;
  array.read(zarr::whole({6, 7, 8}), reversed);
  for (std::int64_t z = 0; z < 6; ++z)
    CHECK(wide.data_as<double>()[(10 - 2 * z) * 56 + 13] ==
          values.data_as<std::int32_t>()[z * 56 + 13]);
}

TEST_CASE("a value that the destination's type cannot hold is refused") {
  const StorePtr store = memory_store();
  zarr::Array array = zarr::Array::create(
      store, "a", {.zarr_format = 2, .shape = {4}, .chunks = {4}, .dtype = DType::int32});
  AnyArray values(DType::int32, {4});
  for (int i = 0; i < 4; ++i) values.data_as<std::int32_t>()[i] = 100 * i;
  array.write(zarr::whole({4}), values.view());
  AnyArray narrow(DType::uint8, {4});
  CHECK_THROWS_AS(array.read(zarr::whole({4}), narrow.view()), ValidationError);
}

TEST_CASE("many threads read one array, whose separator is not stated") {
  for (const ForeignArray& foreign : foreign_arrays(2)) {
    if (foreign.name != "missing-first-slash") continue;
    const zarr::Array array = zarr::Array::open(foreign.store, "a");
    const AnyArray expected = expected_values(foreign);
    std::vector<std::thread> threads;
    std::atomic<int> right{0};
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] {
        AnyArray values(DType::complex128, foreign.shape);
        array.read(zarr::whole(foreign.shape), values.view());
        right +=
            std::memcmp(values.bytes().data(), expected.bytes().data(), values.bytes().size()) == 0;
      });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(right == 8);
  }
}

TEST_CASE("opening what is no array says so") {
  const StorePtr store = memory_store();
  CHECK(!zarr::Array::try_open(store, "a"));
  CHECK_THROWS_AS(zarr::Array::open(store, "a"), NotFoundError);
  store->put("a/.zgroup", as_bytes(R"({"zarr_format": 2})"));
  CHECK_THROWS_AS(zarr::Array::open(store, "a"), NotFoundError);
}
