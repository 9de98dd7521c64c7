// A region written into level 0 leaves the image as a full rebuild would make it.
#include "ome/images.h"

#include <copick/error.h>
#include <doctest/doctest.h>

using namespace copick;
using namespace copick::test;

TEST_CASE("refreshed levels equal a full rebuild") {
  constexpr std::array methods{Downsampling::mean, Downsampling::mean_true_edge,
                               Downsampling::nearest, Downsampling::mode};
  std::minstd_rand random(9);
  const auto below = [&](std::int64_t end) { return static_cast<std::int64_t>(random()) % end; };
  for (int i = 0; i < 160; ++i) {
    const Downsampling method = methods[static_cast<std::size_t>(i) % methods.size()];
    Shape shape{1 + below(24), 1 + below(14), 1 + below(14)}, chunks{1 + below(6), 5, 4};
    if (i % 5 == 0) {
      shape.insert(shape.begin(), 2);
      chunks.insert(chunks.begin(), 1);
    }
    const bool labels = method == Downsampling::nearest || method == Downsampling::mode;
    const DType dtype = labels ? DType::uint16 : DType::float32;
    AnyArray volume = some_volume(dtype, shape, static_cast<unsigned>(i));
    const auto layout = layout_of(volume, i % 3 ? 2 : 3, chunks, 4, method);
    const StorePtr store = memory_store();
    write_volume(store, "image", volume, layout);
    zarr::Box box = zarr::whole(shape);
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
      box.begin[axis] = below(shape[axis]);
      box.end[axis] = box.begin[axis] + 1 + below(shape[axis] - box.begin[axis]);
    }
    const AnyArray patch = some_volume(dtype, box.shape(), static_cast<unsigned>(1000 + i));
    array::copy_convert(patch.view(), array::subview(volume.view(), box.begin, box.end));
    const auto image = ome::Multiscale::open(store, "image");
    zarr::Array(image->level(0)).write(box, patch.view());
    ome::refresh_levels(*image, box, method, Durability::none);
    write_volume(store, "rebuilt", volume, layout);
    const auto rebuilt = ome::Multiscale::open(store, "rebuilt");
    for (std::size_t level = 0; level < 4; ++level) {
      INFO("case ", i, ", level ", level, ", shape ", shape_text(shape));
      CHECK(same_values(read_level(*image, level), read_level(*rebuilt, level)));
    }
  }
}

TEST_CASE("levels rounded down by another program are refreshed, others are refused untouched") {
  const StorePtr store = memory_store();
  const AnyArray volume = some_volume(DType::float32, {7, 7, 7}, 1);
  write_volume(store, "image", volume, layout_of(volume, 2, {4, 4, 4}, 2, Downsampling::mean));
  const zarr::Box box = zarr::whole({7, 7, 7});
  zarr::Array::create(store, "image/1",
                      {.zarr_format = 2, .shape = {3, 3, 3}, .chunks = {4, 4, 4}});
  ome::refresh_levels(*ome::Multiscale::open(store, "image"), box, Downsampling::mean,
                      Durability::none);
  AnyArray cropped(DType::float32, {6, 6, 6});
  array::copy_convert(array::subview(volume.view(), {0, 0, 0}, {6, 6, 6}), cropped.view());
  CHECK(same_values(read_level(*ome::Multiscale::open(store, "image"), 1),
                    next_level(cropped, Downsampling::mean)));
  zarr::Array::create(store, "image/1",
                      {.zarr_format = 2, .shape = {2, 2, 2}, .chunks = {4, 4, 4}});
  const std::string before = store->stat("image/1/0/0/0")->version;
  CHECK_THROWS_AS(ome::refresh_levels(*ome::Multiscale::open(store, "image"), box,
                                      Downsampling::mean, Durability::none),
                  ValidationError);
  CHECK(store->stat("image/1/0/0/0")->version == before);
}
