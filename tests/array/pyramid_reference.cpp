// Levels made by the reference implementation, bit for bit. The records and what made them:
// tests/data/array/make.py.
#include "array/convert.h"
#include "array/downsample.h"

#include <doctest/doctest.h>
#include <support/temp_dir.h>

#include <array>
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

using namespace copick;
using namespace copick::array;

namespace {

struct Record {
  bool nearest;
  AnyArray source, level;
};

std::vector<Record> records() {
  const std::string file = test::read_file(COPICK_TEST_DATA "/array/levels.bin");
  std::vector<Record> all;
  for (std::size_t at = 0; at < file.size();) {
    std::int32_t method;
    std::array<std::int32_t, 6> lengths;
    std::memcpy(&method, file.data() + at, 4);
    const DType dtype = dtype_from_name(file.c_str() + at + 4).value();
    std::memcpy(lengths.data(), file.data() + at + 16, 24);
    at += 40;
    Record record{method == 1, AnyArray(dtype, {lengths[0], lengths[1], lengths[2]}),
                  AnyArray(dtype, {lengths[3], lengths[4], lengths[5]})};
    for (AnyArray* array : {&record.source, &record.level}) {
      REQUIRE(at + array->bytes().size() <= file.size());
      std::memcpy(array->bytes().data(), file.data() + at, array->bytes().size());
      at += array->bytes().size();
    }
    all.push_back(std::move(record));
  }
  return all;
}

// Equal bits; any NaN equals any NaN, because which payload survives an addition is the processor's
// choice.
bool same(const AnyArray& a, const AnyArray& b) {
  if (a.bytes().size() != b.bytes().size()) return false;
  const std::size_t item = size_of(a.dtype());
  for (std::size_t at = 0; at < a.bytes().size(); at += item) {
    if (std::memcmp(a.bytes().data() + at, b.bytes().data() + at, item) == 0) continue;
    if (!is_floating(a.dtype())) return false;
    Array<double> x({1}), y({1});
    copy_convert({a.bytes().data() + at, a.dtype(), {1}, {1}}, x.view());
    copy_convert({b.bytes().data() + at, b.dtype(), {1}, {1}}, y.view());
    if (!std::isnan(x.data()[0]) || !std::isnan(y.data()[0])) return false;
  }
  return true;
}

std::string name_of_record(const Record& record) {
  return std::string(name_of(record.source.dtype())) + " " + shape_text(record.source.shape());
}

}  // namespace

TEST_CASE("each level has the shape the reference gives it") {
  for (const Record& record : records()) {
    const auto method = record.nearest ? Downsampling::nearest : Downsampling::mean;
    for (std::size_t axis = 0; axis < 3; ++axis)
      CHECK_MESSAGE(halved(record.source.shape()[axis], method) == record.level.shape()[axis],
                    name_of_record(record));
  }
}

TEST_CASE("each level has the bits the reference gives it") {
  const auto all = records();
  CHECK(all.size() == 276);
  for (const Record& record : all) {
    AnyArray level(record.level.dtype(), record.level.shape());
    downsample(record.source.view(), level.view(),
               record.nearest ? Downsampling::nearest : Downsampling::mean);
    CHECK_MESSAGE(same(level, record.level), name_of_record(record));
  }
}

TEST_CASE("strided sources and destinations give the same bits as dense ones") {
  for (const Record& record : records()) {
    const Shape& shape = record.source.shape();
    const std::int64_t item = static_cast<std::int64_t>(size_of(record.source.dtype()));
    // The source in Fortran order, the destination with every second element unused.
    AnyArray turned(record.source.dtype(), {shape[2], shape[1], shape[0]});
    const Strides fortran{item, item * shape[0], item * shape[0] * shape[1]};
    copy_convert(record.source.view(), {turned.bytes().data(), turned.dtype(), shape, fortran});
    const Shape& out = record.level.shape();
    AnyArray wide(record.level.dtype(), {out[0], out[1], out[2] * 2});
    const ArrayView sparse{wide.bytes().data(),
                           wide.dtype(),
                           out,
                           {out[1] * out[2] * 2 * item, out[2] * 2 * item, 2 * item}};
    downsample({turned.bytes().data(), turned.dtype(), shape, fortran}, sparse,
               record.nearest ? Downsampling::nearest : Downsampling::mean);
    AnyArray level(record.level.dtype(), out);
    copy_convert(sparse, level.view());
    CHECK_MESSAGE(same(level, record.level), name_of_record(record));
  }
}
