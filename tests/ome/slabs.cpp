// Large chunks written slab by slab are the chunks that are written as a whole.
#include "array/convert.h"
#include "ome/images.h"
#include "store/wrappers.h"

#include <copick/error.h>
#include <copick/slab_source.h>
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <map>

using namespace copick;
using namespace copick::test;

namespace {

// Voxels by a rule of their position; says that boxes have a grain, or not: with one, whole tiles
// are asked for.
class Ruled : public SlabSource {
 public:
  enum class Rule { steps, noise, zeros, mixed };
  Ruled(Shape shape, Rule rule, bool has_grain)
      : shape_(std::move(shape)), rule_(rule), has_grain_(has_grain) {}

  DType dtype() const override { return DType::float32; }
  const Shape& shape() const override { return shape_; }
  std::optional<double> voxel_size() const override { return 10.0; }
  std::string where() const override { return "ruled"; }
  void read_slab(std::int64_t begin, std::int64_t end, ArrayView view) override {
    read_box({begin, 0, 0}, {end, shape_[1], shape_[2]}, std::move(view));
  }
  bool can_read_boxes() const override { return true; }
  void read_box(const Shape& begin, const Shape& end, ArrayView view) override {
    voxels_ += element_count(view.shape);
    for (std::int64_t z = begin[0]; z < end[0]; ++z)
      for (std::int64_t y = begin[1]; y < end[1]; ++y) {
        auto* row = view.data + (z - begin[0]) * view.strides[0] + (y - begin[1]) * view.strides[1];
        for (std::int64_t x = begin[2]; x < end[2]; ++x, row += 4) {
          const std::uint32_t value = bits(x, (z * shape_[1] + y) * shape_[2] + x);
          std::memcpy(row, &value, 4);
        }
      }
  }
  Shape box_grain() const override { return has_grain_ ? Shape{1, 1, 1} : Shape{}; }
  std::int64_t voxels_read() const { return voxels_; }

 private:
  std::uint32_t bits(std::int64_t x, std::int64_t i) const {
    // Mixed: a chunk of each kind along x.
    const Rule rule = rule_ == Rule::mixed ? static_cast<Rule>(x / 256 % 3) : rule_;
    if (rule == Rule::zeros) return 0;
    auto n = static_cast<std::uint64_t>(i) * 0x9e3779b97f4a7c15;
    n ^= n >> 29;
    const auto noise = static_cast<std::uint32_t>(n * 0xbf58476d1ce4e5b9 >> 32);
    return rule == Rule::noise ? noise : 0x40000000 | static_cast<std::uint32_t>(i >> 9 & 0xffff);
  }

  const Shape shape_;
  const Rule rule_;
  const bool has_grain_;
  std::atomic<std::int64_t> voxels_{0};
};

ome::ImageLayout layout_of(const Shape& shape, int format) {
  ome::ImageLayout layout;
  layout.zarr_format = format;
  layout.dtype = DType::float32;
  layout.shape = shape;
  layout.chunks = {64, 256, 256};  // 16 MiB
  layout.levels = 2;
  return layout;
}

std::map<std::string, std::string> written(const StorePtr& store, SlabSource& source, int format) {
  ome::write_image(store, "image", source, layout_of(source.shape(), format), Durability::none, {});
  std::map<std::string, std::string> values;
  for (const auto& entry : store->list_recursive("image"))
    values[entry.name] = store->get(entry.name)->text();
  return values;
}

}  // namespace

TEST_CASE("an image written in slabs has the bytes of one written in whole chunks") {
  for (const Shape& shape : {Shape{70, 300, 260}, Shape{64, 256, 256}, Shape{3, 5, 257}}) {
    for (const auto rule : {Ruled::Rule::steps, Ruled::Rule::noise, Ruled::Rule::zeros}) {
      CAPTURE(shape_text(shape));
      CAPTURE(static_cast<int>(rule));
      Ruled slabs(shape, rule, false), wholes(shape, rule, true);
      const auto in_slabs = written(memory_store(), slabs, 2);
      CHECK(in_slabs == written(memory_store(), wholes, 2));
      // Noise becomes no smaller, which is known after it was read: such a chunk is read again.
      if (rule != Ruled::Rule::noise) CHECK(slabs.voxels_read() == element_count(shape));
    }
  }
}

TEST_CASE("of a row of chunks those that slabs do not make are written as a whole") {
  Ruled slabs({66, 260, 1300}, Ruled::Rule::mixed, false);
  Ruled wholes(slabs.shape(), Ruled::Rule::mixed, true);
  CHECK(written(memory_store(), slabs, 2) == written(memory_store(), wholes, 2));
  CHECK(slabs.voxels_read() > element_count(slabs.shape()));
  CHECK(slabs.voxels_read() < 2 * element_count(slabs.shape()));
}

TEST_CASE("an image made from where its voxels lie has the bytes of one that is read") {
  // Inside, beyond the array along each axis, and in rows of something larger.
  for (const Shape& shape : {Shape{64, 256, 256}, Shape{70, 300, 260}, Shape{3, 5, 257}}) {
    CAPTURE(shape_text(shape));
    Ruled read(shape, Ruled::Rule::steps, false);
    AnyArray larger(DType::float32, {shape[0] + 1, shape[1] + 3, shape[2] + 5});
    const ArrayView part =
        array::subview(larger.view(), {1, 2, 3}, {shape[0] + 1, shape[1] + 2, shape[2] + 3});
    read.read_slab(0, shape[0], part);
    const auto lying = ome::memory_source(part, "memory");
    bool was_used = false;
    CHECK(lying->use_box({0, 0, 0}, shape, [&](const ConstArrayView& voxels) {
      was_used = voxels.data == part.data;
    }));
    CHECK(was_used);
    CHECK(written(memory_store(), *lying, 2) == written(memory_store(), read, 2));
  }
}

TEST_CASE("a box that goes while it is used is read") {
  class Fleeting : public Ruled {
   public:
    using Ruled::Ruled;
    bool use_box(const Shape& begin, const Shape& end,
                 const std::function<void(const ConstArrayView&)>& use) override {
      Shape shape;
      for (std::size_t axis = 0; axis < 3; ++axis) shape.push_back(end[axis] - begin[axis]);
      Array<float> zeros(shape);
      std::fill(zeros.begin(), zeros.end(), 0.0f);
      use(zeros.view());
      return false;
    }
  };
  const Shape shape{70, 300, 260};
  Fleeting fleeting(shape, Ruled::Rule::steps, false);
  Ruled still(shape, Ruled::Rule::steps, false);
  CHECK(written(memory_store(), fleeting, 2) == written(memory_store(), still, 2));
}

TEST_CASE("a chunk whose slab cannot be read is not there") {
  class Broken : public Ruled {
   public:
    using Ruled::Ruled;
    void read_box(const Shape& begin, const Shape& end, ArrayView view) override {
      if (begin[0] >= 32) throw CorruptError({"read", "ruled", "the file ends here", ""});
      Ruled::read_box(begin, end, std::move(view));
    }
  };
  Broken source({64, 256, 256}, Ruled::Rule::steps, false);
  const StorePtr store = memory_store();
  CHECK_THROWS_AS(written(store, source, 2), CorruptError);
  CHECK(!store->get("image/0/0/0/0"));
  CHECK(!store->get("image/0/0.0.0"));
}

TEST_CASE("a chunk whose put fails half way is not there") {
  for (const std::string_view failing : {"begin_put", "append", "commit"}) {
    const StorePtr inner = memory_store();
    const StorePtr faulty =
        store::faulty_store(inner, [&](std::string_view verb, std::string_view key) {
          if (verb == failing)
            throw StorageError({"write", std::string(key), "the disk is full", ""});
        });
    Ruled source({64, 256, 256}, Ruled::Rule::steps, false);
    CHECK_THROWS_AS(written(faulty, source, 2), StorageError);
    CHECK(!inner->get("image/0/0/0/0"));
    CHECK(!inner->get("image/0/0.0.0"));
  }
}
