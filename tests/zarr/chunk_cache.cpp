// Reading through the cache of decoded chunks gives what reading without it gives.
#include "array/convert.h"
#include "store/wrappers.h"
#include "zarr/array.h"

#include <copick/limits.h>
#include <doctest/doctest.h>

#include <cstring>
#include <random>

using namespace copick;

namespace {

// The cache, for the length of a test.
class WithCache {
 public:
  explicit WithCache(std::uint64_t bytes) { set_chunk_cache(bytes); }
  ~WithCache() { set_chunk_cache(0); }
  WithCache(const WithCache&) = delete;
  WithCache& operator=(const WithCache&) = delete;
};

constexpr std::uint64_t kPlenty = std::uint64_t{16} << 20;

AnyArray counting(const Shape& shape, std::uint16_t first = 1) {
  AnyArray values(DType::uint16, shape);
  for (std::int64_t i = 0; i < element_count(shape); ++i)
    values.data_as<std::uint16_t>()[i] = static_cast<std::uint16_t>(first + i % 997);
  return values;
}

zarr::Array array_in(const StorePtr& store, int format, const AnyArray& values) {
  zarr::NewArray array{
      .zarr_format = format, .shape = values.shape(), .chunks = {4, 3, 4}, .dtype = values.dtype()};
  if (format == 3) array.shards = Shape{8, 6, 8};
  zarr::Array made = zarr::Array::create(store, "a", array);
  made.write(zarr::whole(values.shape()), values.view());
  return made;
}

AnyArray part(const zarr::Array& array, const zarr::Box& box, DType dtype = DType::uint16) {
  AnyArray found(dtype, box.shape());
  array.read(box, found.view());
  return found;
}

bool same(const AnyArray& a, const AnyArray& b) {
  return a.bytes().size() == b.bytes().size() &&
         std::memcmp(a.bytes().data(), b.bytes().data(), a.bytes().size()) == 0;
}

zarr::Box random_box(std::minstd_rand& random, const Shape& shape) {
  zarr::Box box;
  for (const std::int64_t length : shape) {
    const auto begin = static_cast<std::int64_t>(random() % static_cast<unsigned>(length));
    box.begin.push_back(begin);
    box.end.push_back(begin + 1 +
                      static_cast<std::int64_t>(random() % static_cast<unsigned>(length - begin)));
  }
  return box;
}

}  // namespace

TEST_CASE("any regions read through the cache equal those read without it") {
  const AnyArray values = counting({13, 11, 17});
  for (const int format : {2, 3}) {
    for (const std::uint64_t size : {kPlenty, std::uint64_t{400}}) {
      const zarr::Array array = array_in(memory_store(), format, values);
      std::minstd_rand random(3);
      for (int i = 0; i < 100; ++i) {
        const zarr::Box box = random_box(random, values.shape());
        const AnyArray expected = part(array, box), as_float = part(array, box, DType::float32);
        const WithCache cache(size);
        CHECK(same(part(array, box), expected));
        CHECK(same(part(array, box, DType::float32), as_float));
      }
    }
  }
}

TEST_CASE("what was read once is not fetched again") {
  const AnyArray values = counting({8, 6, 8});
  for (const int format : {2, 3}) {
    const store::CountedStore counted = store::counting_store(memory_store());
    const zarr::Array array = array_in(counted.store, format, values);
    const WithCache cache(kPlenty);
    part(array, {{0, 0, 0}, {5, 1, 1}});
    const auto before = counted.counts();
    CHECK(same(part(array, {{1, 1, 1}, {7, 3, 4}}), [&] {
      AnyArray expected(DType::uint16, {6, 2, 3});
      array::copy_convert(array::subview(values.view(), {1, 1, 1}, {7, 3, 4}), expected.view());
      return expected;
    }()));
    CHECK(counted.counts().bytes_read == before.bytes_read);
    part(array, {{0, 5, 0}, {1, 6, 1}});
    CHECK(counted.counts().bytes_read > before.bytes_read);
  }
}

TEST_CASE("a chunk that somebody changed is read again, and one that appeared is seen") {
  for (const int format : {2, 3}) {
    const StorePtr store = memory_store();
    const AnyArray old = counting({8, 6, 8}), young = counting({8, 6, 8}, 500);
    const zarr::Array array = array_in(store, format, old);
    const WithCache cache(kPlenty);
    CHECK(same(part(array, zarr::whole({8, 6, 8})), old));
    zarr::Array::open(store, "a").write(zarr::whole({8, 6, 8}), young.view());
    CHECK(same(part(array, zarr::whole({8, 6, 8})), young));
    const std::string gone = "a/0/0/0";
    const Bytes bytes = store->get(gone).value();
    store->erase(gone);
    CHECK(part(array, {{0, 0, 0}, {1, 1, 1}}).data_as<std::uint16_t>()[0] == 0);
    store->put(gone, bytes, {});
    CHECK(part(array, {{0, 0, 0}, {1, 1, 1}}).data_as<std::uint16_t>()[0] == 500);
  }
}

TEST_CASE("arrays of one place opened twice do not mix up their chunks") {
  const AnyArray values = counting({4, 3, 4}), others = counting({4, 3, 4}, 300);
  const zarr::Array a = array_in(memory_store(), 2, values);
  const zarr::Array b = array_in(memory_store(), 2, others);
  const WithCache cache(kPlenty);
  for (int i = 0; i < 2; ++i) {
    CHECK(same(part(a, zarr::whole({4, 3, 4})), values));
    CHECK(same(part(b, zarr::whole({4, 3, 4})), others));
  }
}
