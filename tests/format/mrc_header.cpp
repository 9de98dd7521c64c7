// Headers that are old, odd or lie.
#include <doctest/doctest.h>

#include "format/facts.h"
#include "format/mrc.h"
#include "format/mrc_file.h"
#include "format/remarks.h"

using namespace copick;
using namespace copick::test;

namespace {

format::MrcHeader parse(const MrcBytes& file) {
  const std::string& text = file.text();
  return format::parse_mrc_header(as_bytes(text).first(std::min<std::size_t>(1024, text.size())),
                                  text.size(), "/data/a.mrc");
}

std::string corrupt(const MrcBytes& file) {
  const std::string error = error_of<CorruptError>([&] { parse(file); });
  CHECK(contains(error, "/data/a.mrc"));
  return error;
}

}  // namespace

TEST_CASE("a plain header gives shape as sections, rows, columns") {
  const format::MrcHeader header = parse(MrcBytes(4, 3, 2));
  CHECK(header.shape == Shape{2, 3, 4});
  CHECK(header.dtype == DType::float32);
  CHECK_FALSE(header.big_endian);
  CHECK(header.voxel_size == std::array<double, 3>{10, 10, 10});
  CHECK(header.data_offset == 1024);
}

TEST_CASE("the machine stamp decides the byte order") {
  for (const std::string stamp : {"DD", "DA"}) {
    CHECK_FALSE(parse(MrcBytes(4, 3, 2).replace(212, stamp)).big_endian);
  }
  const format::MrcHeader header = parse(MrcBytes(4, 3, 2).swap_words().replace(212, "\x11\x11"));
  CHECK(header.big_endian);
  CHECK(header.shape == Shape{2, 3, 4});
  CHECK(header.voxel_size[0] == 10);
}

TEST_CASE("a machine stamp that contradicts the header is overruled with a remark") {
  const Remarks remarks;
  const format::MrcHeader header = parse(MrcBytes(4, 3, 2).swap_words());
  CHECK(header.big_endian);
  CHECK(header.shape == Shape{2, 3, 4});
  CHECK(remarks.mention("machine stamp says little-endian"));
}

TEST_CASE("a file without a machine stamp is read in the order in which it makes sense") {
  const Remarks remarks;
  const std::string none(2, '\0');
  CHECK_FALSE(parse(MrcBytes(4, 3, 2).replace(212, none)).big_endian);
  CHECK(parse(MrcBytes(4, 3, 2).swap_words().replace(212, none)).big_endian);
  CHECK_FALSE(remarks.mention("machine stamp says"));
}

TEST_CASE("a file from before 2000 without 'MAP ' is read with a remark") {
  const Remarks remarks;
  CHECK(parse(MrcBytes(4, 3, 2).replace(208, std::string(8, '\0'))).shape == Shape{2, 3, 4});
  CHECK(remarks.mention("no 'MAP '"));
}

TEST_CASE("permuted axes are remarked, axes of zero are not") {
  {
    const Remarks remarks;
    parse(MrcBytes(4, 3, 2).set(64, 3).set(72, 1));
    CHECK(remarks.mention("permuted (3, 2, 1)"));
  }
  const Remarks remarks;
  parse(MrcBytes(4, 3, 2).set(64, 0).set(68, 0).set(72, 0));
  CHECK(remarks.none());
}

TEST_CASE("unsigned bytes of IMOD are remarked") {
  const Remarks remarks;
  CHECK(parse(MrcBytes(4, 3, 2).set(12, 0).replace(152, "IMOD")).dtype == DType::int8);
  CHECK(remarks.mention("IMOD marks its bytes as unsigned"));
}

TEST_CASE("a header without a cell has no voxel size") {
  for (const float length : {0.0f, -1.0f, std::numeric_limits<float>::quiet_NaN()}) {
    CHECK(parse(MrcBytes(4, 3, 2).set_real(40, length)).voxel_size[0] == 0);
  }
  CHECK(parse(MrcBytes(4, 3, 2).set(28, 0)).voxel_size[0] == 0);
}

TEST_CASE("a truncated file is corrupt and says what was expected and found") {
  const std::string error = corrupt(MrcBytes(4, 3, 2).cut(1100));
  CHECK(contains(error, "found 1100 bytes; expected 1120"));
  CHECK(contains(error, "4 x 3 x 2 float32"));
}

TEST_CASE("a file shorter than a header is corrupt") {
  CHECK(contains(corrupt(MrcBytes(4, 3, 2).cut(1023)), "found 1023 bytes"));
  CHECK(contains(corrupt(MrcBytes(4, 3, 2).cut(0)), "found 0 bytes"));
}

TEST_CASE("bytes after the data are no error") {
  CHECK(parse(MrcBytes(4, 3, 2).append("footer")).shape == Shape{2, 3, 4});
}

TEST_CASE("sizes that are not positive are corrupt") {
  for (const int size : {0, -1, -2147483647 - 1}) {
    for (const std::size_t axis : {0, 4, 8}) {
      CHECK(contains(corrupt(MrcBytes(4, 3, 2).set(axis, size)), "expected positive numbers"));
    }
  }
}

TEST_CASE("sizes whose product overflows are corrupt") {
  const MrcBytes huge = MrcBytes(4, 3, 2).set(0, 0x7fffffff).set(4, 0x7fffffff).set(8, 0x7fffffff);
  CHECK(contains(corrupt(huge), "impossible size"));
  const ByteView bytes = as_bytes(huge.text()).first(1024);
  CHECK_THROWS_AS(format::parse_mrc_header(bytes, 0, "a"), CorruptError);
}

TEST_CASE("an unknown mode is corrupt and lists those that can be read") {
  const std::string error = corrupt(MrcBytes(4, 3, 2).set(12, 7));
  CHECK(contains(error, "found mode 7; expected 0, 1, 2, 4, 6 or 12"));
}

TEST_CASE("modes of the standard that are not read are refused by name") {
  const auto refusal = [](int mode) {
    return error_of<ValidationError>([&] { parse(MrcBytes(4, 3, 2).set(12, mode)); });
  };
  CHECK(contains(refusal(3), "mode 3 (complex 16-bit integers)"));
  CHECK(contains(refusal(101), "mode 101 (packed 4-bit integers)"));
  CHECK(contains(refusal(101), "newstack"));
}

TEST_CASE("a stack of volumes is refused") {
  const MrcBytes stack = MrcBytes(4, 3, 2).set(88, 401).set(36, 1);
  CHECK(contains(error_of<ValidationError>([&] { parse(stack); }), "stack of 2 volumes"));
  CHECK(parse(MrcBytes(4, 3, 2).set(88, 401)).shape == Shape{2, 3, 4});
}

TEST_CASE("an extended header is skipped, and one that cannot be is corrupt") {
  CHECK(parse(MrcBytes(4, 3, 2).set(92, 80).append(std::string(80, 'x'))).data_offset == 1104);
  CHECK(contains(corrupt(MrcBytes(4, 3, 2).set(92, 80)), "expected 1200"));
  CHECK(contains(corrupt(MrcBytes(4, 3, 2).set(92, -1)), "extended header has -1 bytes"));
  CHECK_THROWS_AS(parse(MrcBytes(4, 3, 2).set(92, 0x7fffffff)), CorruptError);
}

TEST_CASE("every mode has its element type") {
  const std::pair<int, DType> modes[] = {{0, DType::int8},    {1, DType::int16},
                                         {2, DType::float32}, {4, DType::complex64},
                                         {6, DType::uint16},  {12, DType::float16}};
  for (const auto& [mode, dtype] : modes) {
    const MrcBytes file = MrcBytes(4, 3, 2).set(12, mode).append(std::string(200, '\0'));
    CHECK(parse(file).dtype == dtype);
  }
}
