#include "codec_cases.h"

#include <random>

using namespace copick;
using zarr::crc32c;
using zarr::crc32c_by_tables;

TEST_CASE("CRC-32C has its published check values") {
  CHECK(crc32c(as_bytes("123456789")) == 0xe3069283u);
  CHECK(crc32c(as_bytes("")) == 0u);
  CHECK(crc32c(as_bytes(std::string(32, '\0'))) == 0x8a9136aau);  // RFC 3720, B.4
  CHECK(crc32c(as_bytes(std::string(32, '\xff'))) == 0x62a8ab43u);
}

TEST_CASE("the processor's instruction and the tables agree at every length and alignment") {
  std::mt19937 random(1);
  std::string text(300, '\0');
  for (char& c : text) c = static_cast<char>(random());
  int different = 0;
  for (std::size_t begin = 0; begin < 9; ++begin)
    for (std::size_t size = 0; begin + size <= text.size(); ++size) {
      const ByteView part = as_bytes(std::string_view(text).substr(begin, size));
      different += crc32c(part) != crc32c_by_tables(part);
    }
  CHECK(different == 0);
}
