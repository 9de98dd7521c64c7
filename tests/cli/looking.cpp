// ls, show, read and render: what a person sees of a project.
#include <doctest/doctest.h>

#include "cli/command.h"
#include "format/npy.h"

using namespace copick;
using copick::test::Screen;
using copick::test::Workplace;

namespace {

std::string only_error(const Screen& screen) {
  CHECK(screen.out == "");
  return screen.err.substr(screen.err.find("Error: "));
}

}  // namespace

TEST_CASE("ls alone is the project as a tree") {
  const Workplace place("v2-local");
  CHECK_SCREEN(place.copick({"ls", "-r", "TS_001"}), 0,
               R"(sample
├─ TS_001
│  ├─ 13.480 Å
│  │  ├─ denoised
│  │  ├─ wbp
│  │  │  ├─ embedding features
│  │  │  └─ sobel features
│  │  └─ isonet +
│  │     └─ dots features +
│  ├─ 26.960 Å
│  │  └─ wbp
│  ├─ segmentations
│  │  ├─ all-objects:alice/5@13.48?multilabel=true
│  │  ├─ membrane:membrain/0@13.48
│  │  ├─ many:alice/1@26.96?multilabel=true +
│  │  ├─ ribosome:alice/1@13.48?instance=true +
│  │  └─ scene:alice/1@13.48?panoptic=true +
│  ├─ picks
│  │  ├─ ribosome:alice/2
│  │  ├─ ribosome:pytom/0
│  │  ├─ proteasome:template-matching/0
│  │  ├─ ribosome:alice/1 +
│  │  ├─ ribosome:alice/2 +
│  │  └─ microtubule:bob/1 +
│  ├─ meshes
│  │  ├─ membrane:membrain/0
│  │  └─ proteasome:alice/1 +
│  └─ filaments
│     ├─ microtubule:bob/1 +
│     └─ microtubule:tracer/0 +
└─ objects
   ├─ ribosome
   ├─ proteasome
   ├─ apo-ferritin
   ├─ membrane
   └─ microtubule

+ lies in the overlay
)",
               "");
}

TEST_CASE("ls takes a kind, a pattern and runs, in one word or two") {
  const Workplace place("v2-local");
  const std::string expected =
      "TS_001  picks  ribosome:alice/2\n"
      "TS_001  picks  ribosome:alice/1\n"
      "TS_001  picks  ribosome:alice/2\n";
  CHECK_SCREEN(place.copick({"ls", "picks", "ribosome:a*", "-r", "TS_001"}), 0, expected, "");
  CHECK_SCREEN(place.copick({"ls", "picks:ribosome:a*", "-r", "TS_*1"}), 0, expected, "");
  CHECK_SCREEN(place.copick({"ls", "Pick", "re:ribo.*:al", "-r", "TS_001,TS_002"}), 0, expected,
               "");
}

TEST_CASE("ls without a kind lists whatever the URI fits") {
  const Workplace place("v2-local");
  CHECK_SCREEN(place.copick({"ls", "wbp@13.48", "-r", "TS_001"}), 0,
               "TS_001  tomogram  wbp@13.48\n", "");
  CHECK_SCREEN(place.copick({"ls", "wbp@13.48:*", "-r", "TS_001"}), 0,
               "TS_001  feature  wbp@13.48:embedding\n"
               "TS_001  feature  wbp@13.48:sobel\n",
               "");
  CHECK_SCREEN(place.copick({"ls", "microtubule:bob", "-r", "TS_001", "--long"}), 0,
               "run     kind       uri                origin   content\n"
               "TS_001  picks      microtubule:bob/1  overlay  20 points\n"
               "TS_001  filaments  microtubule:bob/1  overlay  2 filaments\n",
               "");
}

TEST_CASE("ls shows segmentations of every type unless the URI states one") {
  const Workplace place("v2-local");
  CHECK(place.json({"ls", "segmentation"}).elements().size() == 5);
  CHECK_SCREEN(place.copick({"ls", "segmentation", "*?instance=true"}), 0,
               "TS_001  segmentation  ribosome:alice/1@13.48?instance=true\n", "");
  CHECK_SCREEN(place.copick({"ls", "segmentation", "*?multilabel=false"}), 0,
               "TS_001  segmentation  membrane:membrain/0@13.48\n", "");
}

TEST_CASE("ls runs and ls objects list names") {
  const Workplace place("v2-local");
  CHECK_SCREEN(place.copick({"ls", "runs", "--long"}), 0,
               "run      voxel sizes    segmentations  picks  meshes  filaments\n"
               "TS_001   13.480 26.960              5      6       2          2\n"
               "TS_002   13.480                     0      2       0          0\n"
               "run-3.b  13.480                     0      2       0          0\n",
               "");
  CHECK_SCREEN(place.copick({"ls", "objects", "*o*"}), 0,
               "-  object  ribosome\n-  object  proteasome\n-  object  apo-ferritin\n"
               "-  object  microtubule\n",
               "");
}

TEST_CASE("ls that matches nothing says so and is no failure; an unknown run is one") {
  const Workplace place("v2-local");
  CHECK_SCREEN(place.copick({"ls", "picks", "virus"}), 0, "", "Nothing matches.\n");
  CHECK_SCREEN(place.copick({"ls", "picks", "virus", "-q"}), 0, "", "");
  CHECK_SCREEN(place.copick({"ls", "-r", "TS_01"}), 1, "",
               "Error: cannot select runs: there is no run 'TS_01'\n"
               "  at     config.json\n"
               "  hint   did you mean 'TS_001'?\n");
}

TEST_CASE("a broken file is named and the rest of the list is there") {
  const Workplace place("v2-local");
  test::write_file(place / "v2-local/overlay/ExperimentRuns/TS_001/Picks/alice_1_ribosome.json",
                   "{\"points\": [");
  const Screen screen = place.copick({"ls", "picks", "*:alice", "-r", "TS_001", "--long"});
  CHECK(screen.code == 1);
  CHECK(screen.out ==
        "run     kind   uri               origin   content\n"
        "TS_001  picks  ribosome:alice/2  static   3 points\n"
        "TS_001  picks  ribosome:alice/1  overlay  cannot be read\n"
        "TS_001  picks  ribosome:alice/2  overlay  2 points\n");
  CHECK(screen.err.find("alice_1_ribosome.json") != std::string::npos);
}

TEST_CASE("show of picks counts, bounds and says where they lie") {
  const Workplace place("v2-local");
  CHECK_SCREEN(place.copick({"show", "picks", "ribosome:alice/2", "--run", "TS_001"}), 0,
               R"(run                TS_001
kind               picks
uri                ribosome:alice/2
object_name        ribosome
user_id            alice
session_id         2
origin             overlay
read_only          no
url                <here>/v2-local/overlay/ExperimentRuns/TS_001/Picks/alice_2_ribosome.json
points             2
unit               angstrom
trust_orientation  yes
run_name           TS_001
voxel_spacing      -
instances          1
bounds             [[177.7404, 284.1109, 25.6786], [361.5946, 418.6424, 34.7673]]
scores             [1.0, 1.0]
)",
               "");
}

TEST_CASE("show of a sharded volume shows chunks and shards") {
  const Workplace place("v3-local");
  const Screen screen = place.copick({"show", "wbp@13.48", "-r", "TS_001"});
  CHECK(
      screen.out.substr(screen.out.find("level")) ==
      R"(level  path  shape         dtype    chunks           shards           compressor  voxel size
    0  0     32 x 50 x 45  float32  128 x 128 x 128  128 x 128 x 128  zstd            13.480
    1  1     16 x 25 x 23  float32  128 x 128 x 128  128 x 128 x 128  zstd            26.960
    2  2     8 x 13 x 12   float32  128 x 128 x 128  128 x 128 x 128  zstd            53.920
)");
}

TEST_CASE("a name that fits several entities lists them, one that fits none offers the nearest") {
  const Workplace place("v2-local");
  CHECK(only_error(place.copick({"show", "wbp@13.48"})) ==
        "Error: 'wbp@13.48' names 3 entities, show takes one. Add --run, or name one fully:\n"
        "  tomogram wbp@13.48 of run TS_001\n"
        "  tomogram wbp@13.48 of run TS_002\n"
        "  tomogram wbp@13.48 of run run-3.b\n");
  CHECK(only_error(place.copick({"show", "microtubule:bob/1", "-r", "TS_001"})) ==
        "Error: 'microtubule:bob/1' names 2 entities, show takes one. Give the kind and the full "
        "URI of one:\n"
        "  picks microtubule:bob/1 of run TS_001\n"
        "  filaments microtubule:bob/1 of run TS_001\n");
  CHECK_SCREEN(place.copick({"show", "picks", "ribosome:alic/2", "-r", "TS_001"}), 1, "",
               "Error: cannot show picks ribosome:alic/2 of run TS_001: no such entity in the "
               "project\n"
               "  at     config.json\n"
               "  hint   did you mean 'ribosome:alice/2'?\n");
  CHECK(only_error(place.copick({"show", "pick", "a:b:c"})).starts_with("Error: Invalid URI: "));
  CHECK(only_error(place.copick({"show", "atlas", "x"})) ==
        "Error: Invalid value for 'KIND': 'atlas' is not one of 'tomogram', 'feature', "
        "'segmentation', 'picks', 'mesh', 'filaments', 'object'.\n");
}

TEST_CASE("read gives a region as .npy or raw, to a file or a pipe") {
  const Workplace place("v2-local");
  const std::vector<std::string> read{"read",   "wbp@13.48", "-r",
                                      "TS_001", "--region",  "10:12,3,:4"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), read.begin(), read.end());
    return place.copick(more);
  };
  const Screen raw = with({"--format", "raw"});
  CHECK(raw.out.size() == 2 * 1 * 4 * sizeof(float));
  CHECK_SCREEN(with({"-o", "out/plane.npy"}), 0, "", "");
  const std::string file = test::read_file(place / "out/plane.npy");
  const AnyArray array = format::parse_npy(as_bytes(file), "plane.npy");
  CHECK(array.shape() == Shape{2, 1, 4});
  CHECK(as_text(array.bytes()) == raw.out);
  CHECK(with({}).out == file);
  CHECK(with({"-o", "plane.raw"}).code == 0);
  CHECK(test::read_file(place / "plane.raw") == raw.out);
}

TEST_CASE("a region of a 4-D volume begins with its channels") {
  const Workplace place("v2-local");
  const auto read = [&](const std::string& region) {
    return place
        .copick(
            {"read", "wbp@13.48:embedding", "-r", "TS_001", "--region", region, "--format", "raw"})
        .out;
  };
  const std::string both = read("1:3,5:7,2,3");
  CHECK(both.size() == 4 * sizeof(float));
  CHECK(both == read("1,5:7,2,3") + read("2,5:7,2,3"));
}

TEST_CASE("a region or level that is not there is said, and no file is left") {
  const Workplace place("v2-local");
  CHECK_SCREEN(
      place.copick({"read", "wbp@13.48", "-r", "TS_001", "--region", "0:33,:,:", "-o", "x.npy"}), 1,
      "",
      "Error: cannot read tomogram 'wbp' of run 'TS_001' at 13.480 A: z range 0:33 is not "
      "inside 0:32\n"
      "  at     <here>/v2-local/static/ExperimentRuns/TS_001/VoxelSpacing13.480/wbp.zarr/0\n"
      "  hint   the level's length along z is 32\n");
  CHECK(place.copick({"read", "wbp@13.48", "-r", "TS_001", "--level", "7", "-o", "x.npy"}).code ==
        1);
  CHECK(!std::filesystem::exists(place / "x.npy"));
  CHECK(only_error(place.copick({"read", "wbp@13.48", "-r", "TS_001", "--region", "1,2"})) ==
        "Error: Invalid value for '--region': '1,2' has 2 ranges; give z,y,x, or channel,z,y,x.\n");
  CHECK(only_error(place.copick({"read", "wbp@13.48", "-r", "TS_001", "--json"})) ==
        "Error: voxels cannot be printed as JSON. Use -o FILE.npy, or 'copick show --json'.\n");
}

TEST_CASE("read of a tomogram without data is said") {
  const Workplace place("v2-local");
  std::filesystem::create_directories(
      place / "v2-local/overlay/ExperimentRuns/TS_002/VoxelSpacing13.480/empty.zarr");
  CHECK(place.copick({"ls", "empty@13.48", "--long"}).out ==
        "run     kind      uri          origin   content\n"
        "TS_002  tomogram  empty@13.48  overlay  no data\n");
  const Screen screen = place.copick({"read", "empty@13.48", "-r", "TS_002"});
  CHECK(screen.code == 1);
  CHECK(
      screen.err.starts_with("Error: cannot read tomogram 'empty' of run 'TS_002' at 13.480 A: "
                             "nothing has been written to it yet\n"));
}

TEST_CASE("read of picks, filaments and meshes is text other programs take") {
  const Workplace place("v2-local");
  const Screen picks = place.copick({"read", "picks", "ribosome:alice/1", "-r", "TS_001"});
  CHECK(picks.out.starts_with("run_name,x,y,z,transform_00,"));
  const Screen filaments = place.copick({"read", "filaments", "microtubule:bob/1"});
  CHECK(
      filaments.out.starts_with("run_name,instance_id,point,x,y,z\nTS_001,1,0,50.0,120.0,60.0\n"));
  const Screen mesh = place.copick({"read", "mesh", "membrane:membrain/0", "-o", "m.obj"});
  CHECK(mesh.out == "");
  const std::string obj = test::read_file(place / "m.obj");
  CHECK(obj.starts_with(
      "# membrane, user membrain, session 0, run TS_001; angstrom\no membrane\nv "));
  std::size_t faces = 0;
  for (auto at = obj.find("\nf "); at != std::string::npos; at = obj.find("\nf ", at + 1)) ++faces;
  CHECK(faces == 320);
}

TEST_CASE("render draws a PNG of the asked size and says so") {
  const Workplace place("v2-local");
  CHECK_SCREEN(place.copick({"render", "wbp@13.48", "-r", "TS_001", "--all-picks", "--segmentation",
                             "*", "-o", "look.png"}),
               0, "drew tomogram wbp@13.48 of run TS_001 as look.png\n", "");
  const std::string png = test::read_file(place / "look.png");
  REQUIRE(png.size() > 24);
  CHECK(png.substr(0, 8) == "\x89PNG\r\n\x1a\n");
  const auto length = [&](std::size_t at) {
    return static_cast<unsigned char>(png[at + 2]) * 256 + static_cast<unsigned char>(png[at + 3]);
  };
  CHECK(length(16) == (45 + 32) * 12 + 6);  // x and z side by side
  CHECK(length(20) == (50 + 32) * 12 + 6);
  CHECK(place.copick({"render", "wbp@13.48", "-r", "TS_001"}).out ==
        "drew tomogram wbp@13.48 of run TS_001 as TS_001_wbp_13.48.png\n");
  CHECK(
      place.copick({"render", "wbp@13.48", "-r", "TS_001", "-o", "-"}).out.starts_with("\x89PNG"));
}

TEST_CASE("render refuses slices, levels, channels and things that are not there") {
  const Workplace place("v2-local");
  const auto render = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"render", "wbp@13.48", "-r", "TS_001", "-o", "x.png"});
    return place.copick(more);
  };
  CHECK(render({"--axis", "z", "--index", "32"}).err ==
        "Error: cannot draw the volume: there is no slice 32 along z\n"
        "  at     <here>/v2-local/static/ExperimentRuns/TS_001/VoxelSpacing13.480/wbp.zarr\n"
        "  hint   slices there are: 0 to 31\n");
  CHECK(render({"--level", "3"}).code == 1);
  CHECK(render({"--channel", "1"}).code == 1);
  CHECK(render({"--picks", "virus:*"}).code == 1);
  CHECK(render({"--contrast", "50"}).code == 2);
  CHECK(render({"--contrast", "60,40"}).code == 1);
  CHECK(place.copick({"render", "picks", "ribosome:alice/1", "-r", "TS_001"}).code == 2);
  CHECK(!std::filesystem::exists(place / "x.png"));
}
