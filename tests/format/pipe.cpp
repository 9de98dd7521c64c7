// A volume that comes through a pipe is the volume of the file.
#include "format/file.h"
#include "format/mrc.h"
#include "format/tiff.h"
#include "support/sha256.h"
#include "support/temp_dir.h"

#include "format/facts.h"

#include <copick/error.h>
#include <doctest/doctest.h>

#include <sys/stat.h>

#include <thread>

using namespace copick;
using namespace copick::test;

namespace {

// A pipe with a name, and who writes `bytes` into it once somebody reads.
class Pipe {
 public:
  explicit Pipe(std::string bytes) : path(folder_ / "pipe") {
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    writer_ = std::jthread([path = path, bytes = std::move(bytes)] {
      std::ofstream(path, std::ios::binary) << bytes;
    });
  }

 private:
  TempDir folder_;

 public:
  const std::string path;

 private:
  std::jthread writer_;
};

}  // namespace

TEST_CASE("volumes that come through pipes are read, plain, compressed and as TIFF") {
  int files = 0;
  for (const auto& [name, facts] : format_facts().members()) {
    const bool is_tiff = name.starts_with("tiff/");
    if (!is_tiff && !name.starts_with("mrc/")) continue;
    CAPTURE(name);
    const Pipe pipe(read_file(format_sample(name)));
    const auto source = is_tiff ? format::open_tiff(pipe.path) : format::open_mrc(pipe.path);
    CHECK(sha256_hex(read_all(*source).bytes()) == facts.find("sha256")->as_string());
    ++files;
  }
  CHECK(files > 11);
}

TEST_CASE("a part of a pipe's bytes beyond the end is what there is") {
  const Pipe pipe("0123456789");
  const format::InputFile file(pipe.path, "read");
  CHECK(file.size() == 10);
  Bytes bytes(8);
  CHECK(file.read_at(7, bytes.span()) == 3);
  CHECK(bytes.text().substr(0, 3) == "789");
  CHECK(file.read_at(11, bytes.span()) == 0);
}

TEST_CASE("a pipe that ends too early is a broken file") {
  const std::string whole = read_file(format_sample("mrc/mode2-float32.mrc"));
  REQUIRE(whole.size() > 2000);
  const Pipe pipe(whole.substr(0, whole.size() - 100));
  CHECK_THROWS_AS(format::open_mrc(pipe.path), CorruptError);
}
