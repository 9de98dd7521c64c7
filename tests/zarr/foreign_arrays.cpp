// Every layout that zarr-python can be asked for and that this library claims to read.
#include "zarr/foreign_arrays.h"

#include <copick/error.h>
#include <doctest/doctest.h>

#include <algorithm>
#include <random>

using namespace copick;
using namespace copick::test;

namespace {

zarr::Box random_box(const Shape& shape, std::minstd_rand& random) {
  zarr::Box box = zarr::whole(shape);
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    box.begin[axis] = static_cast<std::int64_t>(random()) % (shape[axis] + 1);
    box.end[axis] =
        box.begin[axis] + static_cast<std::int64_t>(random()) % (shape[axis] - box.begin[axis] + 1);
  }
  return box;
}

bool equal(const AnyArray& a, const AnyArray& b) {
  return a.shape() == b.shape() && std::ranges::equal(a.bytes(), b.bytes());
}

AnyArray part_of(const AnyArray& values, const zarr::Box& box) {
  AnyArray part(values.dtype(), box.shape());
  array::copy_convert(array::subview(values.view(), box.begin, box.end), part.view());
  return part;
}

}  // namespace

TEST_CASE("every array of zarr-python 2 and 3 reads as it was written") {
  for (const int format : {2, 3}) {
    for (const ForeignArray& foreign : foreign_arrays(format)) {
      INFO("format ", format, ", array ", foreign.name);
      const zarr::Array array = zarr::Array::open(foreign.store, "a");
      CHECK(array.metadata().zarr_format == format);
      CHECK(array.metadata().shape == foreign.shape);
      REQUIRE(array.metadata().dtype == foreign.dtype);
      AnyArray stored(foreign.dtype, foreign.shape);
      array.read(zarr::whole(foreign.shape), stored.view());
      AnyArray wide(DType::complex128, foreign.shape);
      array::copy_convert(stored.view(), wide.view());
      CHECK(equal(wide, expected_values(foreign)));
    }
  }
}

TEST_CASE("a part of any array equals that part of the whole, also in another type") {
  std::minstd_rand random(1);
  for (const int format : {2, 3}) {
    for (const ForeignArray& foreign : foreign_arrays(format)) {
      INFO("format ", format, ", array ", foreign.name);
      const zarr::Array array = zarr::Array::open(foreign.store, "a");
      const AnyArray expected = expected_values(foreign);
      for (int i = 0; i < 8; ++i) {
        const zarr::Box box = random_box(foreign.shape, random);
        AnyArray part(DType::complex128, box.shape());
        array.read(box, part.view());
        CHECK(equal(part, part_of(expected, box)));
      }
    }
  }
}

TEST_CASE("a region written into any array is all that changes in it") {
  std::minstd_rand random(2);
  for (const int format : {2, 3}) {
    for (const ForeignArray& foreign : foreign_arrays(format)) {
      INFO("format ", format, ", array ", foreign.name);
      zarr::Array array = zarr::Array::open(foreign.store, "a");
      AnyArray expected(foreign.dtype, foreign.shape);
      array::copy_convert(expected_values(foreign).view(), expected.view());
      for (int i = 0; i < 4; ++i) {
        const zarr::Box box = random_box(foreign.shape, random);
        AnyArray patch(DType::uint8, box.shape());
        for (std::byte& byte : patch.bytes())
          byte = static_cast<std::byte>(foreign.dtype == DType::boolean ? i % 2 : 10 * i);
        array.write(box, patch.view());
        array::copy_convert(patch.view(), array::subview(expected.view(), box.begin, box.end));
      }
      AnyArray found(foreign.dtype, foreign.shape);
      zarr::Array::open(foreign.store, "a").read(zarr::whole(foreign.shape), found.view());
      CHECK(equal(found, expected));
    }
  }
}

TEST_CASE("reading writes nothing") {
  for (const int format : {2, 3}) {
    for (const ForeignArray& foreign : foreign_arrays(format)) {
      INFO("format ", format, ", array ", foreign.name);
      const auto keys_of = [&] {
        std::string keys;
        for (const Entry& entry : foreign.store->list_recursive(""))
          keys += entry.name + foreign.store->stat(entry.name)->version + "\n";
        return keys;
      };
      const std::string before = keys_of();
      AnyArray values(foreign.dtype, foreign.shape);
      zarr::Array::open(foreign.store, "a").read(zarr::whole(foreign.shape), values.view());
      CHECK(keys_of() == before);
    }
  }
}
