#include "array/unshuffle.h"

#include <doctest/doctest.h>

#include <random>
#include <vector>

using namespace copick::array;

TEST_CASE("vectors and the definition give the same elements, at every offset and of every count") {
  std::minstd_rand random(7);
  for (const std::size_t item : {1, 2, 3, 4, 8, 16}) {
    constexpr std::size_t elements = 200;
    std::vector<std::byte> stored(item * elements);
    for (std::byte& byte : stored) byte = static_cast<std::byte>(random() >> 8);
    const BytePlanes planes = planes_in_a_row(stored.data(), elements, item);
    for (std::size_t first = 0; first < 40; ++first) {
      for (std::size_t count = 0; first + count <= elements; ++count) {
        // One byte more than is written, which must stay as it is.
        std::vector<std::byte> fast(count * item + 1, std::byte{0x5a}), plain = fast;
        unshuffle(planes, first, count, fast.data());
        unshuffle_portable(planes, first, count, plain.data());
        REQUIRE(fast == plain);
        REQUIRE(fast.back() == std::byte{0x5a});
      }
    }
  }
}

TEST_CASE("an element is its bytes of all planes") {
  const std::vector<std::byte> stored{std::byte{1},  std::byte{2},  std::byte{3},
                                      std::byte{11}, std::byte{12}, std::byte{13}};
  std::vector<std::byte> out(4);
  unshuffle(planes_in_a_row(stored.data(), 3, 2), 1, 2, out.data());
  CHECK(out == std::vector<std::byte>{std::byte{2}, std::byte{12}, std::byte{3}, std::byte{13}});
}
