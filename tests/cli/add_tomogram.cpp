#include <doctest/doctest.h>

#include "cli/command.h"
#include "support/sha256.h"

using namespace copick;
using copick::test::Screen;
using copick::test::Workplace;

namespace {

std::string format_file(const std::string& name) {
  return test::samples_folder() + "/formats/" + name;
}

Json format_facts(const std::string& name) {
  const std::string path = test::samples_folder() + "/formats/expected.json";
  return *Json::parse(test::read_file(path), path).find("files")->find(name);
}

std::string sha_of(const Workplace& place, const std::string& uri, const std::string& run,
                   const std::string& level = "0") {
  const Screen raw =
      place.copick({"read", "tomogram", uri, "-r", run, "--format", "raw", "--level", level});
  CHECK(raw.err == "");
  return test::sha256_hex(as_bytes(raw.out));
}

const std::string kRuns = "TS_001\nTS_002\nrun-3.b\n";

}  // namespace

TEST_CASE("an MRC file becomes a tomogram of three levels in the run of its name") {
  const Workplace place("v2-local");
  CHECK_SCREEN(place.copick({"add", "tomogram", format_file("mrc/mode2-float32.mrc")}), 0,
               "added tomogram wbp@12.5 to run mode2-float32: (10, 14, 18) float32\n", "");
  CHECK_SCREEN(place.copick({"show", "wbp@12.5", "-r", "mode2-float32"}), 0,
               R"(run          mode2-float32
kind         tomogram
uri          wbp@12.5
tomo_type    wbp
voxel_size   12.5
origin       overlay
read_only    no
url          <here>/v2-local/overlay/ExperimentRuns/mode2-float32/VoxelSpacing12.500/wbp.zarr
has_data     yes
zarr_format  2
ome_version  0.4
features     -

level  path  shape         dtype    chunks           compressor  voxel size
    0  0     10 x 14 x 18  float32  256 x 256 x 256  blosc           12.500
    1  1     5 x 7 x 9     float32  256 x 256 x 256  blosc           25.000
    2  2     3 x 4 x 5     float32  256 x 256 x 256  blosc           50.000
)",
               "");
  CHECK(sha_of(place, "wbp@12.5", "mode2-float32") ==
        format_facts("mrc/mode2-float32.mrc").find("sha256")->as_string());
}

TEST_CASE("every mode and byte order of MRC keeps its values and, without a pyramid, its type") {
  const Workplace place("v2-local");
  for (const char* name :
       {"mode0-int8", "mode1-int16", "mode12-float16", "mode6-uint16", "big-endian-mode1",
        "big-endian-mode2", "big-endian-mode6", "extended-header", "shifted-start"}) {
    CAPTURE(name);
    const std::string file = std::string("mrc/") + name + ".mrc";
    CHECK(place
              .copick({"add", "tomogram", format_file(file), "--run", "r", "--tomo-type", name,
                       "--no-create-pyramid", "--voxel-size", "5"})
              .code == 0);
    const Json expected = format_facts(file);
    const Json shown = place.json({"show", std::string(name) + "@5", "-r", "r"});
    const Json& levels = *shown.find("levels");
    CHECK(levels.elements().size() == 1);
    CHECK(*levels.elements()[0].find("dtype") == *expected.find("dtype"));
    CHECK(sha_of(place, std::string(name) + "@5", "r") == expected.find("sha256")->as_string());
  }
}

TEST_CASE(
    "the voxel size comes from --voxel-size, else the header, kept to 0.001, else it is asked "
    "for") {
  const Workplace place("v2-local");
  const std::string big = format_file("mrc/big-endian-mode2.mrc");
  CHECK(place.copick({"add", "tomogram", big, "--run", "a"}).out ==
        "added tomogram wbp@10.012 to run a: (10, 14, 18) float32\n");
  CHECK(place.copick({"add", "tomogram", big, "--run", "a", "--voxel-size", "7.8400001"}).out ==
        "added tomogram wbp@7.84 to run a: (10, 14, 18) float32\n");
  CHECK_SCREEN(
      place.copick({"add", "tomogram", format_file("mrc/no-voxel-size.mrc"), "--run", "fresh"}), 1,
      "",
      "Error: cannot add tomogram 'wbp' to run 'fresh': the file does not say how large a voxel "
      "is\n"
      "  at     " +
          format_file("mrc/no-voxel-size.mrc") +
          "\n"
          "  hint   give it in angstrom: --voxel-size\n");
  CHECK(place.copick({"ls", "runs"}).out == "TS_001\nTS_002\na\nrun-3.b\n");
  for (const char* bad : {"0", "-1", "nan"})
    CHECK(place.copick({"add", "tomogram", big, "--voxel-size", bad}).code == 2);
}

TEST_CASE("compressed files are known by their content") {
  const Workplace place("v2-local");
  const std::string maps = std::string(COPICK_TEST_DATA) + "/maps/";
  CHECK(place.copick({"add", "tomogram", maps + "EMD-3197.map.gz"}).out ==
        "added tomogram wbp@11.4 to run EMD-3197: (20, 20, 20) float32\n");
  std::filesystem::copy_file(maps + "EMD-3197.map.gz", place / "plain.mrc");
  CHECK(place.copick({"add", "tomogram", "plain.mrc"}).code == 0);
  CHECK(sha_of(place, "wbp@11.4", "plain") == sha_of(place, "wbp@11.4", "EMD-3197"));
}

TEST_CASE("Zarr goes in from an OME image in nanometres, a bare array, and either version") {
  const Workplace place("v3-local");
  CHECK(place.copick({"add", "tomogram", format_file("zarr/nanometre.zarr") + "/"}).out ==
        "added tomogram wbp@12.5 to run nanometre: (10, 14, 18) float32\n");
  CHECK(place
            .copick({"add", "tomogram", format_file("zarr/bare-array.zarr"), "--voxel-size", "8",
                     "--no-create-pyramid"})
            .out == "added tomogram wbp@8.0 to run bare-array: (10, 14, 18) uint8\n");
  CHECK(sha_of(place, "wbp@8", "bare-array") ==
        format_facts("zarr/bare-array.zarr").find("sha256")->as_string());
  CHECK(place.copick({"add", "tomogram", format_file("zarr/plain-group.zarr")}).code == 1);
  const std::string own =
      place / "v3-local/static/ExperimentRuns/TS_001/VoxelSpacing13.480/denoised.zarr";
  CHECK(place.copick({"add", "tomogram", own, "--run", "copy", "--zarr-format", "3"}).code == 0);
  CHECK(sha_of(place, "wbp@13.48", "copy") == sha_of(place, "denoised@13.48", "TS_001"));
  CHECK(place.json({"show", "wbp@13.48", "-r", "copy"}).find("zarr_format")->as_int64() == 3);
}

TEST_CASE("--transpose comes before --flip") {
  const Workplace place("v2-local");
  const std::string file = format_file("mrc/mode0-int8.mrc");
  CHECK(place
            .copick({"add", "tomogram", file, "--run", "r", "--tomo-type", "t", "--transpose",
                     "2,1,0", "--flip", "0", "--no-create-pyramid"})
            .out == "added tomogram t@12.5 to run r: (18, 14, 10) int8\n");
  CHECK(place
            .copick(
                {"add", "tomogram", file, "--run", "r", "--tomo-type", "u", "--no-create-pyramid"})
            .code == 0);
  const auto voxel = [&](const std::string& uri, const std::string& region) {
    return place.copick({"read", uri, "-r", "r", "--region", region, "--format", "raw"}).out;
  };
  CHECK(voxel("t@12.5", "0,3,2") == voxel("u@12.5", "2,3,17"));
  CHECK(voxel("t@12.5", "17,0,9") == voxel("u@12.5", "9,0,0"));
  CHECK(place.copick({"add", "tomogram", file, "--transpose", "0,1"}).code == 2);
  CHECK(place.copick({"add", "tomogram", file, "--flip", "3"}).code == 2);
}

TEST_CASE("a tomogram that is there is replaced with --overwrite only, old levels and all") {
  const Workplace place("v2-local");
  const std::string file = format_file("mrc/mode2-float32.mrc");
  CHECK(place.copick({"add", "tomogram", file, "--run", "r"}).code == 0);
  CHECK_SCREEN(place.copick({"add", "tomogram", file, "--run", "r"}), 1, "",
               "Error: cannot add tomogram 'wbp' to run 'r': tomogram 'wbp' at voxel spacing "
               "12.500 already exists\n"
               "  at     <here>/v2-local/overlay/ExperimentRuns/r/VoxelSpacing12.500/wbp.zarr\n"
               "  hint   replace it with --overwrite, or choose another name\n");
  CHECK(place
            .copick({"add", "tomogram", format_file("mrc/mode1-int16.mrc"), "--run", "r",
                     "--overwrite", "--pyramid-levels", "1"})
            .code == 0);
  CHECK(place.json({"show", "wbp", "-r", "r"}).find("levels")->elements().size() == 1);
  CHECK(!std::filesystem::exists(
      place / "v2-local/overlay/ExperimentRuns/r/VoxelSpacing12.500/wbp.zarr/1"));
}

TEST_CASE("a failed import leaves nothing behind and does not stop the others") {
  const Workplace place("v2-local");
  const std::string good = test::read_file(format_file("mrc/mode2-float32.mrc"));
  test::write_file(place / "in/good.mrc", good);
  test::write_file(place / "in/short.mrc", good.substr(0, good.size() - 100));
  test::write_file(place / "in/tiny.mrc", "MAP");
  const Screen screen = place.copick({"add", "tomogram", "in/*.mrc"});
  CHECK(screen.code == 1);
  CHECK(screen.out == "added tomogram wbp@12.5 to run good: (10, 14, 18) float32\n");
  CHECK(screen.err.find("in/short.mrc") != std::string::npos);
  CHECK(screen.err.find("in/tiny.mrc") != std::string::npos);
  CHECK(screen.err.ends_with("2 of 3 files failed.\n"));
  CHECK(place.copick({"ls", "runs"}).out == "TS_001\nTS_002\ngood\nrun-3.b\n");
  CHECK(!std::filesystem::exists(place / "v2-local/overlay/ExperimentRuns/short"));
}

TEST_CASE("standard input is a volume that needs a run and a type") {
  const Workplace place("v2-local");
  const Screen nameless = place.copick({"add", "tomogram", "-", "--file-type", "mrc"});
  CHECK(nameless.code == 2);
  CHECK(nameless.err.ends_with("Error: Standard input has no name: say which run with --run.\n"));
  const Screen empty = place.copick({"add", "tomogram", "-", "--file-type", "mrc", "--run", "in"});
  CHECK(empty.code == 1);
  CHECK(empty.err.find("/dev/stdin") != std::string::npos);
}

TEST_CASE("a file that is not there, an unknown extension and an empty pattern are said") {
  const Workplace place("v2-local");
  CHECK(place.copick({"add", "tomogram", "no.mrc"}).code == 1);
  CHECK_SCREEN(
      place.copick({"add", "tomogram", "no.png"}), 1, "",
      "Error: cannot open the volume file: extension '.png' is of no known volume format\n"
      "  at     no.png\n"
      "  hint   say what it is: --file-type mrc, tiff or zarr (extensions known: .mrc .map .rec "
      ".st .ccp4, each also with .gz or .bz2, .tif .tiff and .zarr)\n");
  const Screen none = place.copick({"add", "tomogram", "no*.mrc"});
  CHECK(none.code == 2);
  CHECK(none.err.ends_with("Error: No files found matching pattern: no*.mrc\n"));
  CHECK(place.copick({"ls", "runs"}).out == kRuns);
}

TEST_CASE(
    "runs are named by --run-regex and --run-name-prefix; two files of one run are one too many") {
  const Workplace place("v2-local");
  const std::string good = test::read_file(format_file("mrc/mode2-float32.mrc"));
  for (const char* name : {"in/tomo_TS_07_bin4.mrc", "in/tomo_TS_07_bin8.mrc", "in/other.mrc"})
    test::write_file(place / name, good);
  CHECK_SCREEN(place.copick({"add", "tomogram", "in/*.mrc", "--run-regex", R"((TS_\d+))",
                             "--run-name-prefix", "2026_", "--run", "ignored"}),
               0, "added tomogram wbp@12.5 to run 2026_TS_07: (10, 14, 18) float32\n",
               "Warning: --run is ignored: there are several files. Each goes to the run of its "
               "name.\n"
               "Warning: skipped in/other.mrc: its name does not fit '(TS_\\d+)'\n"
               "Warning: skipped in/tomo_TS_07_bin8.mrc: another file is going to run "
               "'2026_TS_07' already\n");
}

TEST_CASE("--no-create asks for the run to be there") {
  const Workplace place("v2-local");
  CHECK_SCREEN(place.copick({"add", "tomogram", format_file("mrc/mode2-float32.mrc"), "--run",
                             "TS_03", "--no-create"}),
               1, "",
               "Error: cannot add tomogram 'wbp' to run 'TS_03': there is no run 'TS_03'\n"
               "  at     config.json\n"
               "  hint   did you mean 'TS_001'?\n");
}

TEST_CASE("add tomogram in JSON says where the tomogram is") {
  const Workplace place("v2-local");
  const Json result = place.json({"add", "tomogram", format_file("mrc/mode2-float32.mrc"), "--run",
                                  "r", "--tomo-type", "a_b"});
  CHECK(result.find("failed")->as_int64() == 0);
  const Json& item = result.find("done")->elements().at(0);
  CHECK(item.find("run")->as_string() == "r");
  CHECK(item.find("uri")->as_string() == "a-b@12.5");
  CHECK(item.find("url")->as_string() ==
        "<here>/v2-local/overlay/ExperimentRuns/r/VoxelSpacing12.500/a-b.zarr");
}

TEST_CASE("chunks and the storage's flush are chosen") {
  const Workplace place("v2-local");
  CHECK(place
            .copick({"add", "tomogram", format_file("mrc/mode2-float32.mrc"), "--run", "r",
                     "--chunk-size", "4, 8,16", "--no-fsync"})
            .code == 0);
  const Json shown = place.json({"show", "wbp", "-r", "r"});
  CHECK(shown.find("levels")->elements().at(0).find("chunks")->dump() == "[4, 8, 16]");
  CHECK(sha_of(place, "wbp", "r") ==
        format_facts("mrc/mode2-float32.mrc").find("sha256")->as_string());
  for (const char* bad : {"4,4", "0,4,4", "a,b,c"})
    CHECK(place.copick({"add", "tomogram", "x.mrc", "--chunk-size", bad}).code == 2);
}

TEST_CASE("--shards chooses how much one file of a Zarr 3 tomogram holds") {
  const Workplace place("v2-local");
  const auto files_with = [&](const std::string& shards) {
    const Screen screen = place.copick({"add", "tomogram", format_file("mrc/mode2-float32.mrc"),
                                        "--zarr-format", "3", "--chunk-size", "4,4,4", "--shards",
                                        shards, "--no-create-pyramid", "--overwrite"});
    CHECK(screen.err == "");
    const std::string level =
        place / "v2-local/overlay/ExperimentRuns/mode2-float32/VoxelSpacing12.500/wbp.zarr/0";
    int files = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(level))
      files += entry.is_regular_file() && entry.path().filename() != "zarr.json";
    return files;
  };
  CHECK(files_with("level") == 1);
  CHECK(files_with("auto") == 1);  // all of it is less than 64 MB
  CHECK(files_with("8,8,8") == 2 * 2 * 3);
  CHECK(place
            .copick({"add", "tomogram", format_file("mrc/mode2-float32.mrc"), "--zarr-format", "2",
                     "--shards", "level", "--overwrite"})
            .code == 2);
  CHECK(place
            .copick({"add", "tomogram", format_file("mrc/mode2-float32.mrc"), "--shards", "none",
                     "--overwrite"})
            .code == 2);
}
