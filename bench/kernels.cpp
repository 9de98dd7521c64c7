// The loops that array/wide.h chooses for, on data in the cache: with the widest vectors of this
// processor, and as on one that has none ("-narrow").
#include "array/convert.h"
#include "array/downsample.h"
#include "array/wide.h"

#include <copick/array.h>

#include <cstring>
#include <memory>
#include <utility>

#include "workload.h"

namespace copick::bench {
namespace {

constexpr int kTimes = 1000;
const Shape kShape{16, 32, 64}, kHalf{8, 16, 32};

struct Volumes {
  Volumes(DType from, DType to, const Shape& shape) : source(from, kShape), result(to, shape) {
    AnyArray values(DType::uint8, kShape);
    for (std::size_t i = 0; i < values.bytes().size(); ++i)
      values.bytes()[i] = static_cast<std::byte>(i * 7 % 120);
    array::copy_convert(values.view(), source.view());
  }
  AnyArray source, result;
};

void add(std::vector<Workload>& all, const std::string& name, DType from, DType to,
         const Shape& shape, void (*kernel)(Volumes&)) {
  const auto volumes = std::make_shared<Volumes>(from, to, shape);
  const auto other = std::make_shared<AnyArray>(from, kShape);
  const std::size_t size = volumes->source.bytes().size();
  for (const bool is_wide : {true, false}) {
    all.push_back({.name = "kernel/" + name + (is_wide ? "" : "-narrow"),
                   .limit_name = "memcpy of the source",
                   .limit =
                       [=] {
                         for (int i = 0; i < kTimes; ++i) {
                           std::memcpy(other->bytes().data(), volumes->source.bytes().data(), size);
                           keep(other->bytes()[0]);
                         }
                       },
                   .ours =
                       [=] {
                         const bool before = array::wide_loops();
                         array::wide_loops() = before && is_wide;
                         for (int i = 0; i < kTimes; ++i) kernel(*volumes);
                         array::wide_loops() = before;
                       },
                   .bytes = size * kTimes});
  }
}

}  // namespace

std::vector<Workload> kernel_workloads() {
  std::vector<Workload> all;
  for (const DType dtype : {DType::int16, DType::float32, DType::float64})
    add(all, "byteswap-" + std::string(name_of(dtype)), dtype, dtype, kShape,
        [](Volumes& v) { array::byteswap(v.source.bytes(), v.source.dtype()); });
  for (const auto& [from, to] :
       {std::pair{DType::float16, DType::float32}, std::pair{DType::float32, DType::float16},
        std::pair{DType::int8, DType::float32}, std::pair{DType::uint16, DType::float32}})
    add(all, std::string(name_of(from)) + "-to-" + std::string(name_of(to)), from, to, kShape,
        [](Volumes& v) { array::copy_convert(v.source.view(), v.result.view()); });
  for (const DType dtype : {DType::float16, DType::int16, DType::uint16})
    add(all, "mean-" + std::string(name_of(dtype)), dtype, dtype, kHalf,
        [](Volumes& v) { array::downsample_mean(v.source.view(), v.result.view(), false); });
  return all;
}

}  // namespace copick::bench
