// Slabs: in any order, into any strides, from plain and compressed files.
#include <bzlib.h>
#include <doctest/doctest.h>
#include <zlib.h>

#include <filesystem>

#include "format/facts.h"
#include "format/mrc.h"
#include "format/mrc_file.h"

using namespace copick;
using namespace copick::test;

namespace {

std::string gzipped(const std::string& text) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string bzipped(const std::string& text) {
  auto size = static_cast<unsigned>(text.size() + text.size() / 100 + 600);
  std::string out(size, '\0');
  BZ2_bzBuffToBuffCompress(out.data(), &size, const_cast<char*>(text.data()),
                           static_cast<unsigned>(text.size()), 1, 0, 0);
  out.resize(size);
  return out;
}

// 6 x 5 x 4 voxels counting from 0.
const MrcBytes& sample() {
  static const MrcBytes file(6, 5, 4);
  return file;
}

std::vector<float> slab(SlabSource& source, std::int64_t begin, std::int64_t end) {
  Array<float> out({end - begin, source.shape()[1], source.shape()[2]});
  source.read_slab(begin, end, out.view());
  return {out.begin(), out.end()};
}

std::vector<float> counting(float begin, float end) {
  std::vector<float> values;
  for (float v = begin; v < end; ++v) values.push_back(v);
  return values;
}

void check_any_order(SlabSource& source) {
  CHECK(slab(source, 2, 4) == counting(60, 120));
  CHECK(slab(source, 0, 1) == counting(0, 30));
  CHECK(slab(source, 1, 2) == counting(30, 60));
  CHECK(slab(source, 3, 4) == counting(90, 120));
  CHECK(slab(source, 0, 4) == counting(0, 120));
  CHECK(slab(source, 2, 2).empty());
}

// Into rows apart from each other, x backwards.
void check_strided(SlabSource& source) {
  std::vector<float> memory(2 * 5 * 8, -1.0f);
  const ArrayView view{reinterpret_cast<std::byte*>(memory.data() + 5),
                       DType::float32,
                       {2, 5, 6},
                       {5 * 8 * 4, 8 * 4, -4}};
  source.read_slab(1, 3, view);
  for (int z = 0; z < 2; ++z) {
    for (int y = 0; y < 5; ++y) {
      const float* row = memory.data() + (z * 5 + y) * 8;
      for (int x = 0; x < 6; ++x) CHECK(row[5 - x] == float((z + 1) * 30 + y * 6 + x));
      CHECK(row[6] == -1.0f);
      CHECK(row[7] == -1.0f);
    }
  }
}

// A box, converted, and one that turns the axes.
void check_boxes(SlabSource& source) {
  REQUIRE(source.can_read_boxes());
  AnyArray box(DType::float64, {2, 3, 4});
  source.read_box({1, 2, 1}, {3, 5, 5}, box.view());
  AnyArray same(DType::float32, {4, 3, 2});
  ArrayView turned = same.view();
  std::swap(turned.shape[0], turned.shape[2]);
  std::swap(turned.strides[0], turned.strides[2]);
  source.read_box({1, 2, 1}, {3, 5, 5}, turned);
  for (int z = 0; z < 2; ++z) {
    for (int y = 0; y < 3; ++y) {
      for (int x = 0; x < 4; ++x) {
        const int value = (z + 1) * 30 + (y + 2) * 6 + x + 1;
        CHECK(box.data_as<double>()[(z * 3 + y) * 4 + x] == value);
        CHECK(same.data_as<float>()[(x * 3 + y) * 2 + z] == float(value));
      }
    }
  }
  CHECK_THROWS_AS(source.read_box({0, 0, 0}, {5, 1, 1}, box.view()), ValidationError);
  CHECK_THROWS_AS(source.read_box({0, 0, 0}, {1, 1, 1}, box.view()), ValidationError);
}

std::string open_and_read(const std::string& path) {
  return error_of<CorruptError>([&] {
    const auto source = format::open_mrc(path);
    slab(*source, 0, source->shape()[0]);
  });
}

}  // namespace

TEST_CASE("slabs of a plain file come in any order and any strides") {
  const TempDir folder;
  write_file(folder / "a.mrc", sample().text());
  const auto source = format::open_mrc(folder / "a.mrc");
  CHECK(source->can_seek());
  CHECK(source->where() == folder / "a.mrc");
  check_any_order(*source);
  check_strided(*source);
  check_boxes(*source);
}

TEST_CASE("slabs of a big-endian file are swapped in the copy") {
  const TempDir folder;
  MrcBytes swapped = sample();
  write_file(folder / "a.mrc", swapped.swap_words().replace(212, "\x11\x11").text());
  const auto source = format::open_mrc(folder / "a.mrc");
  check_any_order(*source);
  check_strided(*source);
  check_boxes(*source);
}

TEST_CASE("a slab large enough for threads equals the file") {
  const TempDir folder;
  const MrcBytes file(512, 512, 16);
  write_file(folder / "a.mrc", file.text());
  const auto source = format::open_mrc(folder / "a.mrc");
  CHECK(slab(*source, 0, 16) == counting(0, 512 * 512 * 16));
  AnyArray wide(DType::float32, {16, 512, 600});
  ArrayView view = wide.view();
  view.shape[2] = 512;
  source->read_slab(0, 16, view);
  for (int z = 0; z < 16; ++z) {
    CHECK(wide.data_as<float>()[(z * 512 + 511) * 600 + 511] == float((z + 1) * 512 * 512 - 1));
  }
}

TEST_CASE("compressed files are recognised by content and streamed") {
  const TempDir folder;
  const std::string text = sample().text();
  const std::string files[] = {gzipped(text), bzipped(text),
                               gzipped(text.substr(0, 1100)) + gzipped(text.substr(1100)),
                               bzipped(text.substr(0, 900)) + bzipped(text.substr(900)),
                               gzipped(text) + std::string(512, '\0')};
  for (const std::string& bytes : files) {
    write_file(folder / "misnamed.mrc", bytes);
    const auto source = format::open_mrc(folder / "misnamed.mrc");
    CHECK_FALSE(source->can_seek());
    check_any_order(*source);
    check_strided(*source);
  }
}

TEST_CASE("a damaged or truncated compressed file is corrupt") {
  const TempDir folder;
  for (const std::string& whole : {gzipped(sample().text()), bzipped(sample().text())}) {
    for (std::size_t size = 4; size < whole.size(); ++size) {
      write_file(folder / "a.mrc", whole.substr(0, size));
      CAPTURE(size);
      CHECK(contains(open_and_read(folder / "a.mrc"), folder / "a.mrc"));
    }
    std::string damaged = whole;
    damaged[damaged.size() - 6] ^= 1;  // inside the checksum
    write_file(folder / "a.mrc", damaged);
    CHECK(contains(open_and_read(folder / "a.mrc"), "damaged"));
  }
}

TEST_CASE("a compressed file that holds less than its header promises is corrupt") {
  const TempDir folder;
  MrcBytes cut = sample();
  write_file(folder / "a.mrc.gz", gzipped(cut.cut(1400).text()));
  CHECK(contains(open_and_read(folder / "a.mrc.gz"), "found 1400 bytes inside the gzip data"));
  write_file(folder / "a.mrc.gz", gzipped(MrcBytes(4, 3, 2).set(8, 2000000000).text()));
  CHECK(contains(open_and_read(folder / "a.mrc.gz"), "cannot hold them"));
}

TEST_CASE("a file truncated after it was opened is corrupt, not a crash") {
  const TempDir folder;
  write_file(folder / "a.mrc", sample().text());
  const auto source = format::open_mrc(folder / "a.mrc");
  std::filesystem::resize_file(folder / "a.mrc", 1024 + 4 * 70);
  CHECK(slab(*source, 0, 2) == counting(0, 60));
  const std::string error = error_of<CorruptError>([&] { slab(*source, 2, 3); });
  CHECK(contains(error, "found 1304 bytes; the header promises 1504"));
}

TEST_CASE("a destination of another shape or type is refused") {
  const TempDir folder;
  write_file(folder / "a.mrc", sample().text());
  const auto source = format::open_mrc(folder / "a.mrc");
  Array<float> two({2, 5, 6});
  Array<std::int32_t> integers({2, 5, 6});
  CHECK_THROWS_AS(source->read_slab(0, 3, two.view()), ValidationError);
  CHECK_THROWS_AS(source->read_slab(3, 5, two.view()), ValidationError);
  CHECK_THROWS_AS(source->read_slab(-1, 1, two.view()), ValidationError);
  CHECK_THROWS_AS(source->read_slab(0, 2, integers.view()), ValidationError);
}

TEST_CASE("a path that cannot be read says why") {
  const TempDir folder;
  CHECK_THROWS_AS(format::open_mrc(folder / "absent.mrc"), NotFoundError);
  CHECK_THROWS_AS(format::open_mrc(folder.path()), StorageError);
}
