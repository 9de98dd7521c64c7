// Tiles: each voxel passes through once, and memory stays within the budget.
#include "base/executor.h"
#include "ome/images.h"
#include "ome/spool.h"
#include "ome/tile_grid.h"

#include <copick/error.h>
#include <copick/slab_source.h>
#include <doctest/doctest.h>

#include <atomic>
#include <map>
#include <set>

using namespace copick;
using namespace copick::test;

namespace {

// A volume that is computed where it is read, and counts how often each voxel was.
class Computed : public SlabSource {
 public:
  explicit Computed(Shape shape, Shape grain = {}) : shape_(std::move(shape)), grain_(grain) {}

  DType dtype() const override { return DType::uint8; }
  const Shape& shape() const override { return shape_; }
  std::optional<double> voxel_size() const override { return 10.0; }
  std::string where() const override { return "computed"; }
  void read_slab(std::int64_t begin, std::int64_t end, ArrayView view) override {
    read_box({begin, 0, 0}, {end, shape_[1], shape_[2]}, std::move(view));
  }
  bool can_read_boxes() const override { return true; }
  void read_box(const Shape& begin, const Shape& end, ArrayView view) override {
    voxels_ += element_count(view.shape);
    if (largest_ < element_count(view.shape)) largest_ = element_count(view.shape);
    REQUIRE(view.dtype == DType::uint8);
    for (std::int64_t z = begin[0]; z < end[0]; ++z)
      for (std::int64_t y = begin[1]; y < end[1]; ++y)
        std::memset(view.data + (z - begin[0]) * view.strides[0] + (y - begin[1]) * view.strides[1],
                    static_cast<int>((z / 8 + y / 8) % 5), static_cast<std::size_t>(view.shape[2]));
  }
  Shape box_grain() const override { return grain_; }
  std::int64_t voxels_read() const { return voxels_; }
  std::int64_t largest_read() const { return largest_; }

 private:
  Shape shape_, grain_;
  std::atomic<std::int64_t> voxels_{0}, largest_{0};
};

ome::ImageLayout layout_for(const SlabSource& source, int format, std::int64_t chunk, int levels) {
  ome::ImageLayout layout;
  layout.zarr_format = format;
  layout.dtype = source.dtype();
  layout.shape = source.shape();
  layout.chunks = Shape(3, chunk);
  layout.levels = levels;
  return layout;
}

// Shapes of the levels of a volume.
std::vector<Shape> halves(const Shape& shape, int levels, Downsampling method) {
  ome::ImageLayout layout;
  layout.shape = shape;
  layout.levels = levels;
  layout.downsampling = method;
  return ome::level_shapes(layout);
}

}  // namespace

TEST_CASE("each voxel of the source is read once") {
  for (const int format : {2, 3}) {
    for (const Shape& shape : {Shape{33, 50, 41}, Shape{1, 1, 300}, Shape{64, 64, 64}}) {
      Computed source(shape);
      ome::write_image(memory_store(), "image", source, layout_for(source, format, 7, 4),
                       Durability::none, {}, {.wanted_tile = 4096});
      CHECK(source.voxels_read() == element_count(shape));
    }
  }
}

TEST_CASE("the memory of tiles does not grow with the volume") {
  const std::size_t threads = base::default_executor().threads();
  constexpr std::size_t tile = 64 * 64 * 64;
  for (const int format : {2, 3}) {
    std::size_t of_small = 0;
    for (const Shape& shape : {Shape{256, 256, 256}, Shape{512, 320, 1000}}) {
      Computed source(shape);
      const std::size_t peak =
          ome::write_image(memory_store(), "image", source, layout_for(source, format, 64, 4),
                           Durability::none, {}, {.tiles_in_work = 4 * tile, .wanted_tile = tile});
      // Two in work, and of each of three coarser levels one more than are in work.
      const std::size_t workers = std::min<std::size_t>(threads, 2);
      CHECK(peak <= (workers + 3 * (workers + 1)) * tile);
      CHECK(peak >= tile);
      CHECK(source.largest_read() == static_cast<std::int64_t>(tile));
      if (of_small == 0) of_small = peak;
    }
    CHECK(of_small > 0);
  }
}

TEST_CASE("every tile of a level is made of exactly the children that are counted") {
  std::minstd_rand random(5);
  const auto length = [&](int most) { return 1 + static_cast<std::int64_t>(random()) % most; };
  for (int i = 0; i < 200; ++i) {
    const Downsampling method = i % 2 ? Downsampling::mean : Downsampling::nearest;
    const Shape shape{length(40), length(30), length(50)};
    const std::vector<Shape> levels = halves(shape, 1 + i % 4, method);
    const ome::TileGrid grid(levels, {length(5), length(5), length(5)}, 1, {},
                             {.wanted_tile = static_cast<std::size_t>(length(600))});
    CAPTURE(shape_text(shape));
    CAPTURE(shape_text(grid.tile()));
    std::vector<Shape> tiles = grid.order();
    for (std::size_t level = 0; level < grid.levels(); ++level) {
      CHECK(std::set<Shape>(tiles.begin(), tiles.end()).size() == tiles.size());
      std::int64_t voxels = 0;
      std::map<Shape, std::size_t> children;
      std::set<Shape> above;
      for (const Shape& tile : tiles) {
        voxels += element_count(grid.box(level, tile).shape());
        if (level + 1 == grid.levels() || grid.made_of(level, tile).empty()) continue;
        ++children[ome::TileGrid::parent(tile)];
        above.insert(ome::TileGrid::parent(tile));
      }
      CHECK(voxels == element_count(levels[level]));
      for (const auto& [index, count] : children) CHECK(count == grid.children(level + 1, index));
      tiles.assign(above.begin(), above.end());
    }
  }
}

TEST_CASE("tiles come in the order of their tree, so that few of a coarser level are unfinished") {
  const ome::TileGrid grid(halves({64, 64, 64}, 3, Downsampling::mean), {8, 8, 8}, 1, {},
                           {.wanted_tile = 1});
  const std::vector<Shape> order = grid.order();
  CHECK(order.size() == 512);
  std::map<Shape, std::size_t> begun;
  std::size_t most = 0;
  for (const Shape& tile : order) {
    const Shape parent = ome::TileGrid::parent(tile);
    if (++begun[parent] == grid.children(1, parent)) begun.erase(parent);
    most = std::max(most, begun.size());
  }
  CHECK(most == 1);
  CHECK(begun.empty());
}

TEST_CASE("rows hold every tile once, side by side, and finish what they begin above them") {
  const ome::TileGrid grid(halves({30, 40, 90}, 3, Downsampling::mean), {10, 10, 10}, 1, {},
                           {.wanted_tile = 1});
  for (const std::size_t length : {1U, 2U, 4U, 8U}) {
    CAPTURE(length);
    std::set<Shape> tiles;
    std::map<Shape, std::size_t> begun;
    std::size_t most = 0;
    for (const auto& row : grid.rows(length)) {
      REQUIRE(!row.empty());
      CHECK(row.size() <= length);
      for (std::size_t k = 0; k < row.size(); ++k) {
        Shape expected = row[0];
        expected[2] += static_cast<std::int64_t>(k);
        CHECK(row[k] == expected);
        CHECK(tiles.insert(row[k]).second);
        const Shape parent = ome::TileGrid::parent(row[k]);
        if (++begun[parent] == grid.children(1, parent)) begun.erase(parent);
      }
      most = std::max(most, begun.size());
    }
    CHECK(tiles.size() == 3 * 4 * 9);
    CHECK(begun.empty());
    CHECK(most <= length / 2 + 1);
  }
}

TEST_CASE("a tile grows along x first, and to what the source decodes at once") {
  const std::vector<Shape> levels = halves({100, 100, 100}, 2, Downsampling::mean);
  const auto tile = [&](const Shape& chunks, const Shape& grain, std::size_t wanted) {
    return ome::TileGrid(levels, chunks, 4, grain, {.wanted_tile = wanted}).tile();
  };
  CHECK(tile({8, 8, 8}, {}, 1) == Shape{8, 8, 8});
  CHECK(tile({7, 8, 1}, {}, 1) == Shape{14, 8, 2});
  CHECK(tile({8, 8, 8}, {}, 8 * 8 * 32 * 4) == Shape{8, 8, 32});
  CHECK(tile({8, 8, 8}, {}, std::size_t{1} << 30) == Shape{128, 128, 128});
  CHECK(tile({8, 8, 8}, {32, 12, 1}, 1) == Shape{32, 24, 8});
  CHECK(tile({8, 8, 8}, {1000, 8, 8}, 1) == Shape{104, 8, 8});
}

TEST_CASE("a spooled source gives the same slabs and boxes from memory and from a file") {
  for (const Shape& shape : {Shape{9, 7, 11}, Shape{2, 9, 7, 11}}) {
    const AnyArray volume = some_volume(DType::int16, shape, 12);
    const auto inner = ome::memory_source(volume.view(), "test volume");
    for (const std::size_t most : {std::size_t{0}, std::size_t{1} << 20}) {
      const auto spool = ome::spooled(*inner, most);
      CHECK(spool->can_read_boxes());
      AnyArray whole(DType::int16, shape);
      Shape slab = shape;
      const std::size_t z = shape.size() - 3;
      slab[z] = 4;
      AnyArray part(DType::int16, slab), expected(DType::int16, slab);
      spool->read_slab(3, 7, part.view());
      inner->read_slab(3, 7, expected.view());
      CHECK(same_values(part, expected));
      Shape begin(shape.size(), 1), end = shape;
      AnyArray box(DType::float32, zarr::Box{begin, end}.shape()), same(box.dtype(), box.shape());
      spool->read_box(begin, end, box.view());
      inner->read_box(begin, end, same.view());
      CHECK(same_values(box, same));
    }
  }
}

TEST_CASE("a temporary folder that is not there is named") {
  const AnyArray volume = some_volume(DType::int16, {3, 3, 3}, 13);
  const auto inner = ome::memory_source(volume.view(), "test volume");
  const auto spool = ome::spooled(*inner, 0);
  AnyArray plane(DType::int16, {1, 3, 3});
  set_temporary_folder("/no/such/folder");
  try {
    spool->read_slab(0, 1, plane.view());
    FAIL("no error");
  } catch (const StorageError& error) { CHECK(error.facts().where == "/no/such/folder"); }
  set_temporary_folder("");
  spool->read_slab(0, 1, plane.view());  // a failed attempt is no answer
}
