// Every MRC file of the samples, and two of the Electron Microscopy Data Bank.
#include <doctest/doctest.h>

#include "format/facts.h"
#include "format/mrc.h"
#include "format/remarks.h"
#include "support/sha256.h"

using namespace copick;
using namespace copick::test;

namespace {

void check_sample(const std::string& name, const Json& facts) {
  CAPTURE(name);
  const std::string path = format_sample(name);
  const format::MrcHeader header = format::read_mrc_header(path);
  CHECK(header.mode == facts.find("mode")->as_int64());
  CHECK(header.data_offset == facts.find("header_bytes")->as_uint64());
  const auto voxel = numbers(*facts.find("voxel_size_xyz"));
  for (std::size_t i = 0; i < 3; ++i) CHECK(header.voxel_size[i] == voxel[i]);

  const auto source = format::open_mrc(path);
  CHECK(source->shape() == integers(*facts.find("shape")));
  CHECK(name_of(source->dtype()) == facts.find("dtype")->as_string());
  CHECK(source->voxel_size().has_value() == (voxel[0] > 0));
  CHECK(sha256_hex(read_all(*source).bytes()) == facts.find("sha256")->as_string());
}

std::string map_file(const std::string& name) {
  return std::string(COPICK_TEST_DATA) + "/maps/" + name;
}

}  // namespace

TEST_CASE("every MRC sample is reported exactly as the mrcfile package reports it") {
  std::size_t count = 0;
  for (const auto& [name, facts] : format_facts().members()) {
    if (!name.starts_with("mrc/")) continue;
    check_sample(name, facts);
    ++count;
  }
  CHECK(count == 14);
}

TEST_CASE("a gzip-compressed map of EMDB reads in place") {
  const auto source = format::open_mrc(map_file("EMD-3197.map.gz"));
  CHECK(source->shape() == Shape{20, 20, 20});
  CHECK(*source->voxel_size() == doctest::Approx(11.4));
  CHECK(sha256_hex(read_all(*source).bytes()) ==
        "0afd5034165f979bde1933138b667ab61b60a0867fd989473287eb3a4fa9a5b4");
}

TEST_CASE("a crystal map of EMDB with permuted axes reads as stored, with a remark") {
  const Remarks remarks;
  const std::string path = map_file("EMD-3001.map.bz2");
  const auto source = format::open_mrc(path);
  CHECK(source->shape() == Shape{25, 43, 73});
  CHECK(sha256_hex(read_all(*source).bytes()) ==
        "9f839d63902c1b25385c80d58d61b61f492865b722ea9a5a3123fbc53c7202d9");
  const format::MrcHeader header = format::read_mrc_header(path);
  CHECK(header.data_offset == 1024 + 160);
  CHECK(header.start == std::array<std::int32_t, 3>{0, -21, -12});
  CHECK(header.voxel_size[1] == doctest::Approx(0.3925));
  CHECK(remarks.mention("axes are permuted (3, 1, 2)"));
}

TEST_CASE("an anisotropic map says which voxel size is taken") {
  const Remarks remarks;
  CHECK(format::open_mrc(format_sample("mrc/anisotropic.mrc"))->voxel_size() == 10.0);
  CHECK(remarks.mention("10 x 11 x 12 angstrom"));
}
