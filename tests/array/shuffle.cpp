#include "array/shuffle.h"

#include "array/unshuffle.h"

#include <doctest/doctest.h>

#include <random>
#include <vector>

using namespace copick::array;

TEST_CASE("elements are taken apart as the definition says, whatever their number and place") {
  std::minstd_rand random(7);
  for (const std::size_t item : {1, 2, 3, 4, 8, 16}) {
    constexpr std::size_t plane = 230;
    std::vector<std::byte> elements(item * plane);
    for (std::byte& byte : elements) byte = static_cast<std::byte>(random() >> 8);
    for (std::size_t first = 0; first < 40; first += 3) {
      for (std::size_t count = 0; first + count <= 200; ++count) {
        // What is not written must stay as it is.
        std::vector<std::byte> fast(item * plane, std::byte{0x5a}), plain = fast;
        const std::byte* from = elements.data() + first * item;
        shuffle(from, count, item, fast.data() + first, plane);
        shuffle_portable(from, count, item, plain.data() + first, plane);
        REQUIRE(fast == plain);
      }
    }
  }
}

TEST_CASE("what was taken apart is put together again") {
  std::vector<std::byte> elements(4 * 100), planes(4 * 100), back(4 * 100);
  for (std::size_t i = 0; i < elements.size(); ++i) elements[i] = static_cast<std::byte>(i * 7);
  shuffle(elements.data(), 100, 4, planes.data(), 100);
  CHECK(planes[100] == elements[1]);
  unshuffle(planes_in_a_row(planes.data(), 100, 4), 0, 100, back.data());
  CHECK(back == elements);
}
