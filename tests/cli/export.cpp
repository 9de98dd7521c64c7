#include <doctest/doctest.h>

#include "cli/command.h"
#include "format/mrc.h"
#include "format/npy.h"
#include "support/sha256.h"

using namespace copick;
using copick::test::Screen;
using copick::test::Workplace;

namespace {

AnyArray mrc_values(const std::string& path) {
  const auto source = format::open_mrc(path);
  AnyArray values(source->dtype(), source->shape());
  source->read_slab(0, source->shape()[0], values.view());
  return values;
}

}  // namespace

TEST_CASE("tomograms become MRC files of float32 with the level's voxel size") {
  const Workplace place("v2-local");
  CHECK_SCREEN(place.copick({"export", "tomogram", "--tomogram-uri", "wbp@13.48", "--output-dir",
                             "out", "--output-format", "mrc", "--level", "1"}),
               0,
               "wrote out/TS_001/VoxelSpacing13.480/wbp.mrc\n"
               "wrote out/TS_002/VoxelSpacing13.480/wbp.mrc\n"
               "wrote out/run-3.b/VoxelSpacing13.480/wbp.mrc\n",
               "");
  const std::string path = place / "out/TS_001/VoxelSpacing13.480/wbp.mrc";
  CHECK(format::read_mrc_header(path).voxel_size[0] == doctest::Approx(26.96));
  const Screen raw =
      place.copick({"read", "wbp@13.48", "-r", "TS_001", "--level", "1", "--format", "raw"});
  CHECK(as_text(mrc_values(path).bytes()) == raw.out);
}

TEST_CASE("an exported MRC file comes back as it was") {
  const Workplace place("v3-local");
  CHECK(place
            .copick({"export", "tomogram", "--tomogram-uri", "wbp@13.48", "-r", "TS_001",
                     "--output-dir", "out", "--output-format", "MRC"})
            .code == 0);
  CHECK(place.copick({"add", "tomogram", "out/TS_001/VoxelSpacing13.480/wbp.mrc", "--run", "back"})
            .out == "added tomogram wbp@13.48 to run back: (32, 50, 45) float32\n");
  const auto raw = [&](const char* run) {
    return place.copick({"read", "wbp@13.48", "-r", run, "--format", "raw"}).out;
  };
  CHECK(raw("back") == raw("TS_001"));
}

TEST_CASE("a TIFF stack comes back as it was") {
  const Workplace place("v3-local");
  CHECK(place
            .copick({"export", "tomogram", "--tomogram-uri", "wbp@13.48", "-r", "TS_001",
                     "--output-dir", "out", "--output-format", "tiff"})
            .code == 0);
  const std::string file = "out/TS_001/VoxelSpacing13.480/wbp.tiff";
  const Screen unknown = place.copick({"add", "tomogram", file, "--run", "back"});
  CHECK(unknown.code == 1);
  CHECK(unknown.err.find("give it in angstrom: --voxel-size") != std::string::npos);
  CHECK(place.copick({"add", "tomogram", file, "--run", "back", "--voxel-size", "13.48"}).out ==
        "added tomogram wbp@13.48 to run back: (32, 50, 45) float32\n");
  const auto raw = [&](const char* run) {
    return place.copick({"read", "wbp@13.48", "-r", run, "--format", "raw"}).out;
  };
  CHECK(raw("back") == raw("TS_001"));
}

TEST_CASE("a compressed TIFF stack is imported") {
  const Workplace place("v2-local");
  const std::string file =
      std::string(COPICK_TEST_DATA) + "/samples/formats/tiff/uint16-lzw-predictor.tif";
  CHECK(place.copick({"add", "tomogram", file, "--run", "packed", "--voxel-size", "10"}).out ==
        "added tomogram wbp@10.0 to run packed: (10, 14, 18) float32\n");
}

TEST_CASE("segmentations become MRC files of the first integer type that holds their labels") {
  const Workplace place("v2-local");
  CHECK(place
            .copick({"export", "segmentation", "--segmentation-uri", "*", "--output-dir", "out",
                     "--output-format", "mrc"})
            .out ==
        "wrote out/TS_001/Segmentations/all-objects_alice_5.mrc\n"
        "wrote out/TS_001/Segmentations/membrane_membrain_0.mrc\n"
        "wrote out/TS_001/Segmentations/many_alice_1.mrc\n");
  const auto type = [&](const std::string& name) {
    return format::read_mrc_header(place / ("out/TS_001/Segmentations/" + name)).dtype;
  };
  CHECK(type("membrane_membrain_0.mrc") == DType::int16);
  CHECK(type("many_alice_1.mrc") == DType::uint16);
}

TEST_CASE("a panoptic segmentation is exported channel by channel") {
  const Workplace place("v2-local");
  const std::vector<std::string> words{
      "export",       "segmentation", "--segmentation-uri", "scene:*?panoptic=true",
      "--output-dir", "out",          "--output-format",    "npy"};
  CHECK(place.copick(words).out ==
        "wrote out/TS_001/PanopticSegmentations/scene_alice_1_label.npy\n"
        "wrote out/TS_001/PanopticSegmentations/scene_alice_1_instance.npy\n");
  std::vector<std::string> one = words;
  one.insert(one.end(), {"--channel", "instance"});
  CHECK(place.copick(one).out == "wrote out/TS_001/PanopticSegmentations/scene_alice_1.npy\n");
  const auto file = [&](const std::string& name) {
    return test::read_file(place / ("out/TS_001/PanopticSegmentations/" + name));
  };
  CHECK(file("scene_alice_1.npy") == file("scene_alice_1_instance.npy"));
  const std::string npy = file("scene_alice_1.npy");
  CHECK(format::parse_npy(as_bytes(npy), "npy").shape() == Shape{32, 50, 45});
}

TEST_CASE("Zarr is copied as it is, or one level as an image of its own") {
  const Workplace place("v3-local");
  const std::vector<std::string> words{"export",          "tomogram",     "--tomogram-uri",
                                       "denoised@13.48",  "--output-dir", "out",
                                       "--output-format", "zarr"};
  CHECK(place.copick(words).code == 0);
  const std::string original =
      place / "v3-local/static/ExperimentRuns/TS_001/VoxelSpacing13.480/denoised.zarr";
  const std::string copy = place / "out/TS_001/VoxelSpacing13.480/denoised.zarr";
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(original)) {
    if (!entry.is_regular_file()) continue;
    const std::string name = std::filesystem::relative(entry.path(), original).string();
    CHECK(test::read_file(copy + "/" + name) == test::read_file(entry.path().string()));
    ++files;
  }
  CHECK(files > 3);
  CHECK_SCREEN(place.copick(words), 1, "",
               "Error: cannot export to Zarr: it exists already\n"
               "  at     out/TS_001/VoxelSpacing13.480/denoised.zarr\n"
               "  hint   choose another path, or --overwrite\n");
  std::vector<std::string> level = words;
  level.insert(level.end(), {"--level-only", "--level", "1", "--overwrite"});
  CHECK(place.copick(level).code == 0);
  CHECK(place
            .copick({"add", "tomogram", "out/TS_001/VoxelSpacing13.480/denoised.zarr", "--run",
                     "back", "--no-create-pyramid"})
            .out == "added tomogram wbp@26.96 to run back: (16, 25, 23) float32\n");
  const Screen raw =
      place.copick({"read", "denoised@13.48", "-r", "TS_001", "--level", "1", "--format", "raw"});
  CHECK(place.copick({"read", "wbp@26.96", "-r", "back", "--format", "raw"}).out == raw.out);
}

TEST_CASE("a failed export leaves no file and does not stop the others") {
  const Workplace place("v2-local");
  const Screen screen = place.copick({"export", "tomogram", "--tomogram-uri", "*@13.48", "-r",
                                      "TS_001", "--output-dir", "out", "--output-format", "mrc",
                                      "--level", "2", "--max-workers", "1"});
  CHECK(screen.code == 1);
  CHECK(screen.out == "wrote out/TS_001/VoxelSpacing13.480/wbp.mrc\n");
  CHECK(screen.err ==
        "Error: cannot export to MRC: there is no level 2\n"
        "  at     <here>/v2-local/static/ExperimentRuns/TS_001/VoxelSpacing13.480/denoised.zarr\n"
        "  hint   levels there are: 0 to 1\n"
        "Error: cannot export to MRC: there is no level 2\n"
        "  at     <here>/v2-local/overlay/ExperimentRuns/TS_001/VoxelSpacing13.480/isonet.zarr\n"
        "  hint   levels there are: 0 to 0\n"
        "2 of 3 files failed.\n");
  CHECK(!std::filesystem::exists(place / "out/TS_001/VoxelSpacing13.480/denoised.mrc"));
}

TEST_CASE("an export of nothing says what there is") {
  const Workplace place("v2-local");
  const Screen screen = place.copick({"export", "tomogram", "--tomogram-uri", "wpb@13.48", "-r",
                                      "TS_001", "--output-dir", "out", "--output-format", "mrc"});
  CHECK(screen.code == 1);
  CHECK(screen.err.ends_with("hint   did you mean 'wbp@13.48'?\n"));
  CHECK(!std::filesystem::exists(place / "out"));
}

TEST_CASE("picks are exported one file each, or all in one") {
  const Workplace place("v2-local");
  CHECK_SCREEN(place.copick({"export", "picks", "--picks-uri", "ribosome:alice/*", "--output-dir",
                             "out", "--output-format", "csv"}),
               0,
               "wrote out/TS_001_ribosome_alice_2.csv\n"
               "wrote out/TS_001_ribosome_alice_1.csv\n"
               "wrote out/run-3.b_ribosome_alice_1.csv\n",
               "");
  CHECK_SCREEN(place.copick({"export", "picks", "--picks-uri", "ribosome:pytom/*", "--output-file",
                             "all.star", "--output-format", "star", "--voxel-size", "13.48",
                             "--tilt-series-pixel-size", "3.37"}),
               0, "wrote all.star\n", "");
  const std::string star = test::read_file(place / "all.star");
  CHECK(star.find("data_optics") != std::string::npos);
  CHECK(star.find("_rlnCenteredCoordinateXAngst") != std::string::npos);
  CHECK(star.find("TS_001") != std::string::npos);
  CHECK(star.find("TS_002") != std::string::npos);
}

TEST_CASE("a STAR file that was exported comes back in place") {
  const Workplace place("v2-local");
  CHECK(place
            .copick({"export", "picks", "--picks-uri", "ribosome:pytom/0", "--output-file",
                     "all.star", "--output-format", "star", "--voxel-size", "13.48"})
            .code == 0);
  CHECK(place
            .copick({"add", "picks", "all.star", "--object-name", "ribosome", "--user-id", "back",
                     "--voxel-size", "13.48"})
            .code == 0);
  const auto points = [&](const char* uri) {
    const Json read = place.json({"read", "picks", uri, "-r", "TS_001"});
    return std::vector<Json>(read.find("points")->elements());
  };
  const std::vector<Json> before = points("ribosome:pytom/0"), after = points("ribosome:back/1");
  REQUIRE(before.size() == after.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    const auto full = [](const Json& point, const char* axis, std::size_t column) {
      return point.find(axis)->as_double() +
             point.find("transformation")->elements()[column].as_double();
    };
    CHECK(full(after[i], "x", 3) == doctest::Approx(full(before[i], "x", 3)).epsilon(1e-6));
    CHECK(full(after[i], "z", 11) == doctest::Approx(full(before[i], "z", 11)).epsilon(1e-6));
  }
}

TEST_CASE("filament picks take their columns and polarity from the filaments") {
  const Workplace place("v2-local");
  CHECK(
      place
          .copick({"export", "picks", "--picks-uri", "microtubule:bob/1", "--output-file", "f.star",
                   "--output-format", "star", "--voxel-size", "13.48", "--half-sets", "filament"})
          .code == 0);
  const std::string star = test::read_file(place / "f.star");
  CHECK(star.find("_rlnHelicalTubeID") != std::string::npos);
  CHECK(star.find("_rlnRandomSubset") != std::string::npos);
  const Screen wrong = place.copick({"export", "picks", "--picks-uri", "microtubule:bob/1",
                                     "--output-file", "g.star", "--output-format", "star",
                                     "--voxel-size", "13.48", "--filaments-uri", "microtubule:*"});
  CHECK(wrong.code == 1);
  CHECK(
      wrong.err.starts_with("Error: cannot look up the polarity of run 'TS_001': the filaments "
                            "URI 'microtubule:*' names 2 sets, not one\n"));
  CHECK(!std::filesystem::exists(place / "g.star"));
}

TEST_CASE("RELION's import layout is an index with one file a run beside it") {
  const Workplace place("v2-local");
  CHECK_SCREEN(place.copick({"export", "picks", "--picks-uri", "ribosome:pytom/0", "--output-file",
                             "job/index.star", "--output-format", "star", "--voxel-size", "13.48",
                             "--star-layout", "import", "--coordinates", "centered"}),
               0,
               "wrote job/index.star\n"
               "wrote job/coordinates/TS_001.star\n"
               "wrote job/coordinates/TS_002.star\n",
               "");
  CHECK(test::read_file(place / "job/index.star").find("job/coordinates/TS_001.star") !=
        std::string::npos);
}

TEST_CASE("export picks wants one of --output-dir and --output-file, and a voxel size for STAR") {
  const Workplace place("v2-local");
  const auto error = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"export", "picks", "--picks-uri", "*"});
    const Screen screen = place.copick(more);
    CHECK(screen.code == 2);
    return screen.err.substr(screen.err.find("Error: "));
  };
  const std::string either =
      "Error: Give either --output-dir (one file for each picks) or --output-file (one file for "
      "all).\n";
  CHECK(error({"--output-format", "csv"}) == either);
  CHECK(error({"--output-format", "csv", "--output-dir", "a", "--output-file", "b"}) == either);
  CHECK(error({"--output-format", "star", "--output-dir", "a"}) ==
        "Error: --voxel-size is required for STAR format export.\n");
}

TEST_CASE("meshes are exported as GLB and OBJ") {
  const Workplace place("v2-local");
  CHECK_SCREEN(place.copick({"export", "mesh", "--mesh-uri", "*", "--output-dir", "out",
                             "--output-format", "glb"}),
               0,
               "wrote out/TS_001_membrane_membrain_0.glb\n"
               "wrote out/TS_001_proteasome_alice_1.glb\n",
               "");
  CHECK(test::read_file(place / "out/TS_001_membrane_membrain_0.glb").starts_with("glTF"));
  CHECK(place
            .copick({"export", "mesh", "--mesh-uri", "proteasome:*", "--output-dir", "out",
                     "--output-format", "obj"})
            .code == 0);
  CHECK(test::read_file(place / "out/TS_001_proteasome_alice_1.obj").find("\nf ") !=
        std::string::npos);
}
