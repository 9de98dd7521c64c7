// Files we write, byte by byte where other programs look.
#include "format/mrc.h"

#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>

#include "format/facts.h"

using namespace copick;
using namespace copick::test;

namespace {

// An array in memory as a source; keeps count of what was asked.
template <typename T>
class MemorySource final : public SlabSource {
 public:
  explicit MemorySource(Array<T> array) : array_(std::move(array)) {}
  DType dtype() const override { return dtype_of<T>; }
  const Shape& shape() const override { return array_.shape(); }
  std::optional<double> voxel_size() const override { return std::nullopt; }
  std::string where() const override { return "memory"; }
  void read_slab(std::int64_t begin, std::int64_t end, ArrayView destination) override {
    if (begin >= fails_at)
      throw StorageError({"read a slab", "memory", "it was asked to fail", ""});
    const std::int64_t plane = array_.shape()[1] * array_.shape()[2];
    std::memcpy(destination.data, array_.data() + begin * plane,
                static_cast<std::size_t>((end - begin) * plane) * sizeof(T));
  }
  std::int64_t fails_at = std::numeric_limits<std::int64_t>::max();

 private:
  Array<T> array_;
};

template <typename T>
MemorySource<T> source_of(const Shape& shape, const std::vector<T>& values) {
  Array<T> array(shape);
  for (std::size_t i = 0; i < array.size(); ++i) array.data()[i] = values[i % values.size()];
  return MemorySource<T>(std::move(array));
}

template <typename T>
T field(const std::string& file, std::size_t offset) {
  T value;
  std::memcpy(&value, file.data() + offset, sizeof value);
  return value;
}

std::size_t files_in(const TempDir& folder) {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("a written header holds every field at its place") {
  const TempDir folder;
  auto source = source_of<float>({2, 3, 4}, {1, 2, 3, 6});
  format::write_mrc(folder / "a.mrc", source, DType::float32, 13.48);
  const std::string file = read_file(folder / "a.mrc");
  REQUIRE(file.size() == 1024 + 24 * 4);
  const std::int32_t sizes[] = {4, 3, 2};
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(field<std::int32_t>(file, 4 * i) == sizes[i]);
    CHECK(field<std::int32_t>(file, 16 + 4 * i) == 0);
    CHECK(field<std::int32_t>(file, 28 + 4 * i) == sizes[i]);
    CHECK(field<float>(file, 40 + 4 * i) == float(13.48 * sizes[i]));
    CHECK(field<float>(file, 52 + 4 * i) == 90.0f);
    CHECK(field<std::int32_t>(file, 64 + 4 * i) == std::int32_t(i) + 1);
  }
  CHECK(field<std::int32_t>(file, 12) == 2);
  CHECK(field<float>(file, 76) == 1.0f);
  CHECK(field<float>(file, 80) == 6.0f);
  CHECK(field<float>(file, 84) == 3.0f);
  CHECK(field<std::int32_t>(file, 88) == 1);
  CHECK(field<std::int32_t>(file, 92) == 0);
  CHECK(field<std::int32_t>(file, 108) == 20141);
  CHECK(file.substr(208, 4) == "MAP ");
  CHECK(file.substr(212, 4) == std::string("DD\0\0", 4));
  CHECK(field<float>(file, 216) == float(std::sqrt(3.5)));
  CHECK(field<std::int32_t>(file, 220) == 1);
  CHECK(file.substr(224, 80) == "Created by copick" + std::string(63, ' '));
  CHECK(field<float>(file, 1024 + 4 * 3) == 6.0f);
}

TEST_CASE("every type that can be written reads back the same") {
  const TempDir folder;
  auto source = source_of<float>({5, 7, 9}, {-100, 0, 3, 100});
  for (const DType dtype : {DType::int8, DType::int16, DType::float16, DType::float32}) {
    CAPTURE(name_of(dtype));
    format::write_mrc(folder / "a.mrc", source, dtype, 10);
    const auto copy = format::open_mrc(folder / "a.mrc");
    CHECK(copy->dtype() == dtype);
    CHECK(copy->shape() == Shape{5, 7, 9});
    CHECK(copy->voxel_size() == 10.0);
    format::write_mrc(folder / "b.mrc", *copy, DType::float32, 10);
    const auto back = format::open_mrc(folder / "b.mrc");
    Array<float> values({5, 7, 9});
    back->read_slab(0, 5, values.view());
    CHECK(values(0, 0, 0) == -100);
    CHECK(values(4, 6, 8) == 3);
  }
  auto labels = source_of<std::int32_t>({2, 2, 2}, {0, 65535});
  format::write_mrc(folder / "a.mrc", labels, DType::uint16, 10);
  CHECK(format::read_mrc_header(folder / "a.mrc").mode == 6);
}

TEST_CASE("a value that does not fit is refused, named with its place, and leaves no file") {
  const TempDir folder;
  std::vector<std::int32_t> values(2 * 3 * 4, 5);
  values[17] = 32768;  // section 1, row 1, column 1
  auto source = source_of<std::int32_t>({2, 3, 4}, values);
  const std::string error = error_of<ValidationError>(
      [&] { format::write_mrc(folder / "a.mrc", source, DType::int16, 10); });
  CHECK(contains(error, "section 1"));
  CHECK(contains(error, "32768"));
  CHECK(contains(error, folder / "a.mrc"));
  CHECK(files_in(folder) == 0);
}

TEST_CASE("a source that fails half way leaves the old file and nothing else") {
  const TempDir folder;
  auto source = source_of<float>({4, 64, 64}, {1});
  format::write_mrc(folder / "a.mrc", source, DType::float32, 10);
  const std::string before = read_file(folder / "a.mrc");
  source.fails_at = 0;
  CHECK_THROWS_AS(format::write_mrc(folder / "a.mrc", source, DType::float32, 20), StorageError);
  CHECK(read_file(folder / "a.mrc") == before);
  CHECK(files_in(folder) == 1);
}

TEST_CASE("a volume larger than one slab is written whole") {
  const TempDir folder;
  Array<float> volume({40, 512, 512});
  for (std::size_t i = 0; i < volume.size(); ++i) volume.data()[i] = float(i % 1000003);
  double sum = 0, squares = 0;
  for (const float value : volume) sum += value;
  const double mean = sum / double(volume.size());
  for (const float value : volume) squares += (value - mean) * (value - mean);
  MemorySource<float> source(std::move(volume));
  format::write_mrc(folder / "a.mrc", source, DType::float32, 10);
  const std::string file = read_file(folder / "a.mrc");
  REQUIRE(file.size() == 1024 + 40 * 512 * 512 * 4);
  CHECK(field<float>(file, 80) == 1000002.0f);
  CHECK(field<float>(file, 84) == doctest::Approx(mean));
  CHECK(field<float>(file, 216) == doctest::Approx(std::sqrt(squares / (40 * 512 * 512))));
  CHECK(field<float>(file, file.size() - 4) == float((40 * 512 * 512 - 1) % 1000003));
}

TEST_CASE("statistics of data that are not all finite are marked as undetermined") {
  const TempDir folder;
  for (const float bad :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    auto source = source_of<float>({2, 3, 4}, {1, 2, bad, 4});
    format::write_mrc(folder / "a.mrc", source, DType::float32, 10);
    const std::string file = read_file(folder / "a.mrc");
    CHECK(field<float>(file, 80) < field<float>(file, 76));
    CHECK(field<float>(file, 84) < field<float>(file, 80));
    CHECK(field<float>(file, 216) < 0);
  }
}

TEST_CASE("what MRC cannot hold is refused before anything is written") {
  const TempDir folder;
  auto source = source_of<float>({2, 3, 4}, {1});
  auto channels = source_of<float>({2, 2, 3, 4}, {1});
  const auto write = [&](SlabSource& from, DType dtype, double voxel) {
    return error_of<ValidationError>(
        [&] { format::write_mrc(folder / "a.mrc", from, dtype, voxel); });
  };
  CHECK(contains(write(source, DType::int32, 10), "no mode for int32"));
  CHECK(contains(write(source, DType::complex64, 10), "no mode for complex64"));
  CHECK(contains(write(source, DType::float32, 0), "voxel size is 0"));
  CHECK(contains(write(source, DType::float32, -1), "voxel size is -1"));
  CHECK(contains(write(source, DType::float32, NAN), "voxel size is nan"));
  CHECK(contains(write(channels, DType::float32, 10), "4 axes"));
  CHECK(files_in(folder) == 0);
}

TEST_CASE("a folder that does not exist is an error that names the file") {
  const TempDir folder;
  auto source = source_of<float>({2, 3, 4}, {1});
  const std::string path = folder / "absent/a.mrc";
  CHECK(contains(
      error_of<NotFoundError>([&] { format::write_mrc(path, source, DType::float32, 10); }), path));
}
