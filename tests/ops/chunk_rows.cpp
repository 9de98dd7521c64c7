#include "ops/chunk_rows.h"

#include <doctest/doctest.h>

#include "ops/counting_source.h"

using namespace copick;
using copick::test::CountingSource;

TEST_CASE("rows of chunks are asked for once, however thin the slabs are") {
  auto source = std::make_unique<CountingSource>(Shape{10, 3, 5});
  const CountingSource& counted = *source;
  auto rows = ops::in_chunk_rows(std::move(source), 4);
  const Array<float> volume = test::read_in_slabs(*rows, 1);
  CHECK(counted.reads ==
        std::vector<std::pair<std::int64_t, std::int64_t>>{{0, 4}, {4, 8}, {8, 10}});
  CHECK(volume(9, 2, 4) == CountingSource::value(9, 2, 4));
  CHECK(volume(0, 0, 0) == 0.0F);
}

TEST_CASE("slabs across rows of chunks have the right planes") {
  for (const std::int64_t thickness : {2, 3, 7, 10}) {
    auto rows = ops::in_chunk_rows(std::make_unique<CountingSource>(Shape{10, 3, 5}), 4);
    const Array<float> volume = test::read_in_slabs(*rows, thickness);
    std::size_t wrong = 0;
    for (std::int64_t z = 0; z < 10; ++z)
      for (std::int64_t y = 0; y < 3; ++y)
        for (std::int64_t x = 0; x < 5; ++x)
          wrong += volume(z, y, x) != CountingSource::value(z, y, x);
    CAPTURE(thickness);
    CHECK(wrong == 0);
  }
}

TEST_CASE("chunks larger than the volume are one row") {
  auto source = std::make_unique<CountingSource>(Shape{3, 2, 2});
  const CountingSource& counted = *source;
  auto rows = ops::in_chunk_rows(std::move(source), 256);
  test::read_in_slabs(*rows, 1);
  CHECK(counted.reads.size() == 1);
}
