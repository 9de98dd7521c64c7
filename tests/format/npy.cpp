#include "format/npy.h"

#include <doctest/doctest.h>

#include "format/facts.h"

using namespace copick;
using namespace copick::test;

namespace {

// A version 1 file with this dictionary and these data.
std::string npy(const std::string& dictionary, const std::string& data = "") {
  std::string text("\x93NUMPY\1\0", 8);
  text += static_cast<char>(dictionary.size() & 0xff);
  text += static_cast<char>(dictionary.size() >> 8);
  return text + dictionary + data;
}

AnyArray parse(const std::string& text) { return format::parse_npy(as_bytes(text), "/data/a.npy"); }

template <typename T>
std::vector<T> values(const AnyArray& array) {
  REQUIRE(array.dtype() == dtype_of<T>);
  return {array.data_as<T>(), array.data_as<T>() + array.bytes().size() / sizeof(T)};
}

std::string corrupt(const std::string& text) {
  const std::string error = error_of<CorruptError>([&] { parse(text); });
  CHECK(contains(error, "/data/a.npy"));
  return error;
}

std::string shorts(std::initializer_list<int> numbers, bool big_endian) {
  std::string text;
  for (const int n : numbers) {
    text += static_cast<char>(big_endian ? n >> 8 : n);
    text += static_cast<char>(big_endian ? n : n >> 8);
  }
  return text;
}

}  // namespace

TEST_CASE("a header equals numpy's byte by byte") {
  // Written by numpy 2.
  CHECK(format::npy_header(DType::float32, {3, 4}) ==
        npy("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }" + std::string(58, ' ') +
            "\n"));
  CHECK(format::npy_header(DType::boolean, {5}) ==
        npy("{'descr': '|b1', 'fortran_order': False, 'shape': (5,), }" + std::string(60, ' ') +
            "\n"));
  CHECK(contains(format::npy_header(DType::complex128, {}),
                 "'<c16', 'fortran_order': False, "
                 "'shape': (), }"));
}

TEST_CASE("every element type survives header and parser") {
  for (const char* name : {"bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32",
                           "uint64", "float16", "float32", "float64", "complex64", "complex128"}) {
    const DType dtype = *dtype_from_name(name);
    const std::string header = format::npy_header(dtype, {2, 3});
    CHECK(header.size() % 64 == 0);
    const AnyArray array = parse(header + std::string(6 * size_of(dtype), '\0'));
    CHECK(array.dtype() == dtype);
    CHECK(array.shape() == Shape{2, 3});
  }
}

TEST_CASE("a shape too long for version 1 makes a version 2 header") {
  Shape shape(22000, 1);
  const std::string header = format::npy_header(DType::int8, shape);
  CHECK(header[6] == 2);
  CHECK(header.size() % 64 == 0);
  CHECK(header.back() == '\n');
}

TEST_CASE("both byte orders and both memory orders read as C order") {
  const std::string c = "{'descr': '<i2', 'fortran_order': False, 'shape': (2, 3)}";
  const std::string swapped =
      "{\"shape\": (2, 3, ), \"descr\": \">i2\", \"fortran_order\": False, }\n";
  const std::string fortran = "{'descr': '<i2', 'fortran_order': True, 'shape': (2, 3), }";
  const std::vector<std::int16_t> expected{1, 2, 3, 4, 5, 600};
  CHECK(values<std::int16_t>(parse(npy(c, shorts({1, 2, 3, 4, 5, 600}, false)))) == expected);
  CHECK(values<std::int16_t>(parse(npy(swapped, shorts({1, 2, 3, 4, 5, 600}, true)))) == expected);
  CHECK(values<std::int16_t>(parse(npy(fortran, shorts({1, 4, 2, 5, 3, 600}, false)))) == expected);
}

TEST_CASE("a file reads like its bytes") {
  const TempDir folder;
  const std::string text = format::npy_header(DType::uint8, {2, 2}) + "abcd";
  write_file(folder / "a.npy", text);
  const AnyArray array = format::read_npy(folder / "a.npy");
  CHECK(array.shape() == Shape{2, 2});
  CHECK(as_text(array.bytes()) == "abcd");
  CHECK_THROWS_AS(format::read_npy(folder / "absent.npy"), NotFoundError);
}

TEST_CASE("scalars and empty arrays are arrays") {
  CHECK(parse(npy("{'descr': '|u1', 'fortran_order': False, 'shape': (), }", "x")).shape().empty());
  CHECK(parse(npy("{'descr': '|u1', 'fortran_order': True, 'shape': (0, 4), }")).shape() ==
        Shape{0, 4});
}

TEST_CASE("a truncated file is corrupt at every length") {
  const std::string whole = format::npy_header(DType::int16, {2, 3}) + std::string(12, 'x');
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    CHECK_THROWS_AS(parse(whole.substr(0, size)), CorruptError);
  }
  CHECK(contains(corrupt(whole.substr(0, whole.size() - 1)), "expected 128 header bytes and 12"));
}

TEST_CASE("a shape that lies is corrupt") {
  const auto with_shape = [](const std::string& shape) {
    return npy("{'descr': '<f8', 'fortran_order': False, 'shape': (" + shape + "), }");
  };
  corrupt(with_shape("4294967296, 4294967296"));
  corrupt(with_shape("9223372036854775807, 2"));
  corrupt(with_shape("-1"));
  corrupt(with_shape("99999999999999999999"));
  corrupt(with_shape("2 3"));
  corrupt(with_shape("1.5"));
}

TEST_CASE("a header that is not a numpy one is corrupt") {
  CHECK(contains(corrupt("PK\3\4not numpy at all"), "mark of a .npy file"));
  corrupt(npy("{'descr': '<f4', 'fortran_order': False}"));
  corrupt(npy("{'descr': '<f4', 'fortran_order': 0, 'shape': ()}"));
  corrupt(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (), 'x': 1}"));
  corrupt(npy("{'descr': '<f4', 'fortran_order': False, 'shape': ()} x"));
  corrupt(npy("{'descr"));
  std::string version = format::npy_header(DType::int8, {1});
  version[6] = 9;
  CHECK(contains(corrupt(version), "version 9"));
}

TEST_CASE("elements that are not numbers are refused") {
  const auto refusal = [](const std::string& descr) {
    const std::string text = npy(
        "{'descr': " + descr + ", 'fortran_order': False, 'shape': (1,), }", "xxxxxxxxxxxxxxxx");
    return error_of<ValidationError>([&] { parse(text); });
  };
  CHECK(contains(refusal("'|O'"), "'|O'"));
  CHECK(contains(refusal("'<U4'"), "'<U4'"));
  CHECK(contains(refusal("[('x', '<f4')]"), "records"));
}
