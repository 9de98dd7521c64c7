// Every TIFF file of the samples, what was written by us, and files that are broken.
#include <doctest/doctest.h>

#include "format/facts.h"
#include "format/tiff.h"
#include "ome/multiscale.h"
#include "support/sha256.h"
#include "support/temp_dir.h"

#include <copick/error.h>

#include <cstring>

using namespace copick;
using namespace copick::test;

namespace {

void check_sample(const std::string& name, const Json& facts) {
  CAPTURE(name);
  const auto source = format::open_tiff(format_sample(name));
  CHECK(source->shape() == integers(*facts.find("shape")));
  CHECK(name_of(source->dtype()) == facts.find("dtype")->as_string());
  CHECK(!source->voxel_size());
  CHECK(sha256_hex(read_all(*source).bytes()) == facts.find("sha256")->as_string());
}

// A source in memory, of bytes that count up.
class Counting : public SlabSource {
 public:
  Counting(DType dtype, Shape shape) : values_(dtype, std::move(shape)) {
    for (std::size_t i = 0; i < values_.bytes().size(); ++i)
      const_cast<std::byte*>(values_.bytes().data())[i] = static_cast<std::byte>(i * 7 % 61);
  }
  DType dtype() const override { return values_.dtype(); }
  const Shape& shape() const override { return values_.shape(); }
  std::optional<double> voxel_size() const override { return 10.0; }
  std::string where() const override { return "counting"; }
  void read_slab(std::int64_t begin, std::int64_t end, ArrayView view) override {
    const std::size_t plane = values_.bytes().size() / static_cast<std::size_t>(shape()[0]);
    std::memcpy(view.data, values_.bytes().data() + static_cast<std::size_t>(begin) * plane,
                static_cast<std::size_t>(end - begin) * plane);
  }
  const AnyArray& values() const { return values_; }

 private:
  AnyArray values_;
};

// What is said of a file of these bytes.
std::string fault_of(const std::string& bytes) {
  const TempDir folder;
  write_file(folder / "x.tif", bytes);
  try {
    read_all(*format::open_tiff(folder / "x.tif"));
  } catch (const Error& error) {
    CHECK(error.facts().where == folder / "x.tif");
    CHECK(error.facts().doing == "read the TIFF file");
    return error.facts().why;
  }
  return "";
}

}  // namespace

TEST_CASE("every TIFF sample has the values it was written with") {
  int samples = 0;
  for (const auto& [name, facts] : format_facts().members()) {
    if (!name.starts_with("tiff/")) continue;
    check_sample(name, facts);
    ++samples;
  }
  CHECK(samples == 11);
}

TEST_CASE("a box of a raw stack is that box of the whole") {
  int raw = 0;
  for (const char* name :
       {"tiff/float32.tif", "tiff/uint16-big-endian.tif", "tiff/float32-imagej.tif"}) {
    const auto source = format::open_tiff(format_sample(name));
    REQUIRE(source->can_read_boxes());
    const AnyArray whole = read_all(*source);
    AnyArray box(source->dtype(), {3, 5, 7});
    source->read_box({2, 4, 6}, {5, 9, 13}, box.view());
    const std::size_t item = size_of(box.dtype());
    const Strides strides = c_strides(whole.shape(), item);
    for (std::int64_t z = 0; z < 3; ++z)
      for (std::int64_t y = 0; y < 5; ++y)
        CHECK(std::memcmp(box.bytes().data() + static_cast<std::size_t>(z * 5 + y) * 7 * item,
                          whole.bytes().data() + (z + 2) * strides[0] + (y + 4) * strides[1] +
                              6 * strides[2],
                          7 * item) == 0);
    ++raw;
  }
  CHECK(raw == 3);
}

TEST_CASE("what is written is read back, in every type") {
  const TempDir folder;
  for (const DType dtype :
       {DType::boolean, DType::int8, DType::uint8, DType::int16, DType::uint16, DType::float16,
        DType::int32, DType::uint32, DType::float32, DType::int64, DType::uint64, DType::float64}) {
    CAPTURE(name_of(dtype));
    Counting source(dtype, {4, 3, 5});
    format::write_tiff(folder / "x.tif", source);
    const auto back = format::open_tiff(folder / "x.tif");
    CHECK(back->shape() == source.shape());
    CHECK(back->dtype() == (dtype == DType::boolean ? DType::uint8 : dtype));
    const AnyArray values = read_all(*back);
    CHECK(std::memcmp(values.bytes().data(), source.values().bytes().data(),
                      values.bytes().size()) == 0);
  }
}

TEST_CASE("complex values and channels are no TIFF stack") {
  const TempDir folder;
  Counting complex(DType::complex64, {2, 2, 2}), channels(DType::uint8, {2, 2, 2, 2});
  CHECK_THROWS_AS(format::write_tiff(folder / "x.tif", complex), ValidationError);
  CHECK_THROWS_AS(format::write_tiff(folder / "x.tif", channels), ValidationError);
  CHECK(!std::filesystem::exists(folder / "x.tif"));
}

TEST_CASE("a broken TIFF file is one clear error") {
  const std::string whole = read_file(format_sample("tiff/float32-pages.tif"));
  CHECK(fault_of("").find("first directory") != std::string::npos);
  CHECK(fault_of("II*").find("first directory") != std::string::npos);
  CHECK(fault_of("not a TIFF at all").find("first directory") != std::string::npos);
  int faults = 0;
  for (std::size_t length = 0; length < whole.size(); length += 97)
    faults += !fault_of(whole.substr(0, length)).empty();
  CHECK(faults > 0);
  // Cut inside the data of the last page: the directories are there, the bytes are not.
  const std::string packed = read_file(format_sample("tiff/float32-zlib.tif"));
  std::string damaged = packed;
  for (std::size_t i = damaged.size() - 400; i < damaged.size() - 300; ++i) damaged[i] ^= 0x55;
  CHECK(!fault_of(damaged).empty());
}

TEST_CASE("a file that is not there is told as such") {
  CHECK_THROWS_AS(format::open_tiff("/no/such/file.tif"), NotFoundError);
}
