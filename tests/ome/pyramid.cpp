// The pyramid made while level 0 streams past equals the one made of whole levels.
#include "ome/images.h"

#include <copick/error.h>
#include <doctest/doctest.h>

#include <atomic>

using namespace copick;
using namespace copick::test;

namespace {

constexpr std::array kMethods{Downsampling::mean, Downsampling::mean_true_edge,
                              Downsampling::nearest, Downsampling::mode};

DType dtype_for(Downsampling method, int i) {
  if (method == Downsampling::nearest || method == Downsampling::mode)
    return i % 2 ? DType::uint8 : DType::uint16;
  constexpr std::array types{DType::float32, DType::float16, DType::int16, DType::float64};
  return types[static_cast<std::size_t>(i) % types.size()];
}

void check_levels(const ome::Multiscale& image, const AnyArray& volume, Downsampling method) {
  AnyArray expected(volume.dtype(), volume.shape());
  array::copy_convert(volume.view(), expected.view());
  for (std::size_t level = 0; level < image.level_count(); ++level) {
    INFO("level ", level);
    if (level > 0) expected = next_level(expected, method);
    CHECK(same_values(read_level(image, level), expected));
  }
}

// A source of slabs, so that it is spooled; any order is refused but front to back.
class Stream : public SlabSource {
 public:
  explicit Stream(const AnyArray& volume) : inner_(ome::memory_source(volume.view(), "stream")) {}
  DType dtype() const override { return inner_->dtype(); }
  const Shape& shape() const override { return inner_->shape(); }
  std::optional<double> voxel_size() const override { return 10.0; }
  bool can_seek() const override { return false; }
  std::string where() const override { return "stream"; }
  void read_slab(std::int64_t begin, std::int64_t end, ArrayView destination) override {
    REQUIRE(begin == next_);
    next_ = end;
    inner_->read_slab(begin, end, destination);
  }
  std::int64_t planes_read() const { return next_; }

 private:
  std::unique_ptr<SlabSource> inner_;
  std::int64_t next_ = 0;
};

}  // namespace

TEST_CASE("levels made in one pass equal levels made of whole levels, whatever shapes and chunks") {
  std::minstd_rand random(3);
  const auto length = [&](int most) { return 1 + static_cast<std::int64_t>(random()) % most; };
  for (int i = 0; i < 240; ++i) {
    const Downsampling method = kMethods[static_cast<std::size_t>(i) % kMethods.size()];
    Shape shape{length(40), length(19), length(30)}, chunks{length(9), length(6), length(6)};
    if (i % 5 == 0) {
      shape.insert(shape.begin(), length(3));
      chunks.insert(chunks.begin(), length(2));
    }
    const AnyArray volume = some_volume(dtype_for(method, i / 4), shape, static_cast<unsigned>(i));
    const auto layout = layout_of(volume, i % 3 ? 2 : 3, chunks, 4, method);
    INFO("case ", i, ", shape ", shape_text(shape), ", chunks ", shape_text(chunks));
    const StorePtr store = memory_store();
    Stream stream(volume);
    const auto memory = ome::memory_source(volume.view(), "test volume");
    SlabSource& source = i % 2 ? *memory : static_cast<SlabSource&>(stream);
    // Tiles as small as they can be, and ones that take in some or all of the volume.
    const std::size_t tile = i % 4 == 3 ? std::size_t{1} << 20 : 1 + random() % 4096;
    ome::write_image(store, "image", source, layout, Durability::none, {}, {.wanted_tile = tile});
    const auto image = ome::Multiscale::open(store, "image");
    REQUIRE(image);
    check_levels(*image, volume, method);
  }
}

TEST_CASE("levels are made of the values as they are stored, not of the source's") {
  const AnyArray volume = some_volume(DType::float64, {9, 7, 5}, 4);
  AnyArray thirds(DType::float64, volume.shape());
  for (std::int64_t i = 0; i < element_count(volume.shape()); ++i)
    thirds.data_as<double>()[i] = volume.data_as<double>()[i] / 3;
  AnyArray stored(DType::float32, volume.shape());
  array::copy_convert(thirds.view(), stored.view());
  const StorePtr store = memory_store();
  Stream stream(thirds);
  ome::write_image(store, "image", stream, layout_of(stored, 2, {4, 4, 4}, 3, Downsampling::mean),
                   Durability::none, {});
  check_levels(*ome::Multiscale::open(store, "image"), stored, Downsampling::mean);
  CHECK(stream.planes_read() == 9);
}

TEST_CASE("levels may outnumber the data") {
  const AnyArray volume = some_volume(DType::float32, {2, 1, 3}, 5);
  const StorePtr store = memory_store();
  write_volume(store, "image", volume, layout_of(volume, 3, {8, 8, 8}, 6, Downsampling::mean));
  const auto image = ome::Multiscale::open(store, "image");
  REQUIRE(image->level_count() == 6);
  CHECK(image->level(5).metadata().shape == Shape{1, 1, 1});
  check_levels(*image, volume, Downsampling::mean);
}

TEST_CASE("progress rises to the number of voxels and no further") {
  const AnyArray volume = some_volume(DType::uint8, {20, 9, 9}, 6);
  std::atomic<std::uint64_t> most{0}, calls{0};
  const auto source = ome::memory_source(volume.view(), "test volume");
  ome::write_image(memory_store(), "image", *source,
                   layout_of(volume, 2, {4, 4, 4}, 2, Downsampling::nearest), Durability::none,
                   [&](std::uint64_t done, std::uint64_t total) {
                     CHECK(total == 20 * 9 * 9);
                     std::uint64_t before = most.load();
                     while (before < done && !most.compare_exchange_weak(before, done)) continue;
                     ++calls;
                   });
  CHECK(most == 20 * 9 * 9);
  CHECK(calls == 5 * 3 * 3);
}

TEST_CASE("a source that fails leaves no image") {
  class Broken : public Stream {
   public:
    using Stream::Stream;
    void read_slab(std::int64_t begin, std::int64_t end, ArrayView destination) override {
      if (end > 4) throw StorageError({"read a slab", "stream", "the disk is gone", ""});
      Stream::read_slab(begin, end, destination);
    }
  };
  const AnyArray volume = some_volume(DType::uint8, {20, 9, 9}, 7);
  const StorePtr store = memory_store();
  Broken broken(volume);
  CHECK_THROWS_AS(ome::write_image(store, "image", broken,
                                   layout_of(volume, 2, {4, 4, 4}, 2, Downsampling::nearest),
                                   Durability::none, {}),
                  StorageError);
  CHECK(!ome::Multiscale::open(store, "image"));
}

TEST_CASE("layouts that contradict the source are refused before anything is written") {
  const AnyArray volume = some_volume(DType::uint8, {4, 4, 4}, 8);
  const auto good = layout_of(volume, 2, {4, 4, 4}, 1, Downsampling::nearest);
  const auto refused = [&](auto change) {
    ome::ImageLayout layout = good;
    change(layout);
    const StorePtr store = memory_store();
    CHECK_THROWS_AS(write_volume(store, "image", volume, layout), ValidationError);
    CHECK(store->list_recursive("").empty());
  };
  refused([](auto& layout) { layout.shape = {4, 4, 5}; });
  refused([](auto& layout) { layout.levels = 0; });
  refused([](auto& layout) { layout.chunks = {4, 4}; });
  refused([](auto& layout) { layout.chunks = {4, 0, 4}; });
  refused([](auto& layout) { layout.channel = ome::ImageLayout::Channel::feature; });
  refused([](auto& layout) { layout.zarr_format = 4; });
}
