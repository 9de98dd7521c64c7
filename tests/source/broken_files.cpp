// One broken file at a time in an otherwise good project: the reader gets a typed error that names
// the file, and everything beside it stays readable.
#include "support/sample.h"

#include <doctest/doctest.h>

#include <functional>

using namespace copick;

namespace {

const std::string overlay_run = "overlay/ExperimentRuns/TS_001/";
const std::string picks_file = overlay_run + "Picks/alice_1_ribosome.json";
const std::string filaments_file = overlay_run + "Filaments/bob_1_microtubule.json";
const std::string mesh_file = overlay_run + "Meshes/alice_1_proteasome.glb";
const std::string volume_folder = overlay_run + "VoxelSpacing13.480/isonet.zarr/";

using Edit = std::function<std::string(std::string)>;

struct Breakage {
  const char* what;
  std::string file;
  Edit edit;
};

Edit becomes(std::string text) {
  return [text = std::move(text)](const std::string&) { return text; };
}
Edit truncated(double fraction) {
  return [fraction](const std::string& text) {
    return text.substr(0, static_cast<std::size_t>(fraction * static_cast<double>(text.size())));
  };
}
Edit replaced(std::string from, std::string to) {
  return [from = std::move(from), to = std::move(to)](std::string text) {
    const auto at = text.find(from);
    REQUIRE_MESSAGE(at != std::string::npos, "the sample does not hold " << from);
    return text.replace(at, from.size(), to);
  };
}
// Overwrites four little-endian bytes at an offset.
Edit with_u32(std::size_t offset, std::uint32_t value) {
  return [=](std::string text) {
    REQUIRE(offset + 4 <= text.size());
    for (int i = 0; i < 4; ++i)
      text[offset + static_cast<std::size_t>(i)] = static_cast<char>(value >> (8 * i));
    return text;
  };
}

// Runs `read` on a copy of the sample with one file broken; it must throw E naming that file, and
// the rest must work.
template <typename E>
void expect(const Breakage& breakage, const std::function<void(const Run&)>& read) {
  INFO(std::string(breakage.what));
  const test::SampleCopy sample("v2-local");
  const std::string path = sample / breakage.file;
  test::write_file(path, breakage.edit(test::read_file(path)));
  const Run run = *sample.open().get_run("TS_001");
  bool thrown = false;
  try {
    read(run);
  } catch (const E& error) {
    thrown = true;
    const std::string file = breakage.file.substr(breakage.file.rfind('/') + 1);
    CHECK_MESSAGE(std::string(error.what()).find(file) != std::string::npos,
                  std::string(error.what()));
    CHECK_FALSE(error.facts().why.empty());
  } catch (const Error& error) { FAIL("another type of error: " << error.what()); }
  CHECK(thrown);
  CHECK(run.get_picks("ribosome", "pytom", "0")->size() == 12);
  CHECK_FALSE(run.get_mesh("membrane", "membrain", "0")->scene().empty());
  CHECK(run.get_voxel_spacing(13.48)->get_tomogram("wbp")->read<float>({.level = 2}).size() > 0);
}

void read_picks(const Run& run) { run.get_picks("ribosome", "alice", "1")->points(); }
void read_filaments(const Run& run) { run.get_filaments("microtubule", "bob", "1")->filaments(); }
void read_mesh(const Run& run) { run.get_mesh("proteasome", "alice", "1")->scene(); }
void read_volume(const Run& run) {
  run.get_voxel_spacing(13.48)->get_tomogram("isonet")->read<float>();
}

}  // namespace

TEST_CASE("broken picks files are CorruptErrors that name the file") {
  const Breakage cases[] = {
      {"empty file", picks_file, becomes("")},
      {"cut in the middle", picks_file, truncated(0.5)},
      {"cut before the last brace", picks_file, truncated(0.999)},
      {"not JSON", picks_file, becomes("PK\x03\x04 this is a zip")},
      {"an array instead of an object", picks_file, becomes("[1, 2, 3]")},
      {"no object name", picks_file, replaced("\"pickable_object_name\"", "\"name\"")},
      {"session id is a number", picks_file,
       replaced("\"session_id\": \"1\"", "\"session_id\": 1")},
      {"points is a text", picks_file,
       becomes(R"({"pickable_object_name": "ribosome", "user_id": "alice",
         "session_id": "1", "points": "many"})")},
      {"a point without location", picks_file,
       becomes(R"({"pickable_object_name": "ribosome", "user_id": "alice",
         "session_id": "1", "points": [{"score": 1.0}]})")},
      {"a 3x4 transformation", picks_file,
       becomes(R"({"pickable_object_name": "ribosome", "user_id": "alice",
         "session_id": "1", "points": [{"location": {"x": 1, "y": 2, "z": 3},
         "transformation_": [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]]}]})")},
      {"a last row that is not 0 0 0 1", picks_file, becomes(R"({"pickable_object_name": "ribosome",
         "user_id": "alice", "session_id": "1", "points": [{"location": {"x": 1, "y": 2, "z": 3},
         "transformation_": [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 2]]}]})")},
      {"a fractional instance id", picks_file,
       becomes(R"({"pickable_object_name": "ribosome", "user_id": "alice",
         "session_id": "1", "points": [{"location": {"x": 1, "y": 2, "z": 3}, "instance_id": 1.5}]})")},
      {"nesting without end", picks_file, becomes(std::string(100000, '['))},
  };
  for (const Breakage& breakage : cases) expect<CorruptError>(breakage, read_picks);
}

TEST_CASE("broken filament files are CorruptErrors that name the file") {
  const Breakage cases[] = {
      {"cut in the middle", filaments_file, truncated(0.5)},
      {"instance id 0", filaments_file, replaced("\"instance_id\": 1", "\"instance_id\": 0")},
      {"the same id twice", filaments_file, replaced("\"instance_id\": 2", "\"instance_id\": 1")},
      {"a coordinate that is no number", filaments_file, replaced("120.0", "\"wide\"")},
      {"step zero", filaments_file, replaced("\"step\": 13.48", "\"step\": 0")},
  };
  for (const Breakage& breakage : cases) expect<CorruptError>(breakage, read_filaments);
}

TEST_CASE("meshes that lie about themselves are CorruptErrors that name the file") {
  const Breakage cases[] = {
      {"empty file", mesh_file, becomes("")},
      {"cut in the middle", mesh_file, truncated(0.5)},
      {"wrong magic", mesh_file, with_u32(0, 0x12345678)},
      {"a version we do not know", mesh_file, with_u32(4, 3)},
      {"a length beyond the file", mesh_file, with_u32(8, 0xfffffff0)},
      {"a JSON chunk beyond the file", mesh_file, with_u32(12, 0xfffffff0)},
      {"an accessor with more elements than its buffer", mesh_file,
       replaced("\"count\":8", "\"count\":8000000")},
      {"a buffer view outside its buffer", mesh_file,
       replaced("\"byteLength\":", "\"byteLength\":99")},
  };
  for (const Breakage& breakage : cases) expect<CorruptError>(breakage, read_mesh);
}

TEST_CASE("broken Zarr metadata are CorruptErrors that name the file") {
  const std::string zarray = volume_folder + "0/.zarray";
  const std::string zattrs = volume_folder + ".zattrs";
  const Breakage cases[] = {
      {"empty .zarray", zarray, becomes("")},
      {"cut .zarray", zarray, truncated(0.5)},
      {"negative shape", zarray, replaced("\"shape\": [\n        32", "\"shape\": [\n        -32")},
      {"impossible shape", zarray,
       replaced("\"shape\": [\n        32", "\"shape\": [\n        9223372036854775807")},
      {"chunks of length 0", zarray,
       replaced("\"chunks\": [\n        32", "\"chunks\": [\n        0")},
      {"format 7", zarray, replaced("\"zarr_format\": 2", "\"zarr_format\": 7")},
      {"cut .zattrs", zattrs, truncated(0.4)},
      {"multiscales is a number", zattrs, becomes("{\"multiscales\": 4}")},
      {"a level path that leaves the store", zattrs,
       replaced("\"path\": \"0\"", "\"path\": \"../../wbp.zarr/0\"")},
  };
  for (const Breakage& breakage : cases) expect<CorruptError>(breakage, read_volume);
}

TEST_CASE("a codec or element type that is not built in is a ValidationError that names the file") {
  const std::string zarray = volume_folder + "0/.zarray";
  const Breakage cases[] = {
      {"a dtype that does not exist", zarray, replaced("<f4", "<q9")},
      {"an unknown codec", zarray, replaced("\"blosc\"", "\"squeeze\"")},
  };
  for (const Breakage& breakage : cases) expect<ValidationError>(breakage, read_volume);
}

TEST_CASE("broken chunks are CorruptErrors that name the chunk") {
  const std::string chunk = volume_folder + "0/0/0/0";
  const Breakage cases[] = {
      {"empty chunk", chunk, becomes("")},
      {"cut chunk", chunk, truncated(0.5)},
      {"random bytes", chunk, becomes(std::string(5000, '\xa5'))},
      {"a Blosc header that promises too much", chunk, with_u32(4, 0x7fffffff)},
      {"a Blosc header that promises too little", chunk, with_u32(4, 16)},
      {"a compressed size beyond the file", chunk, with_u32(12, 0x7fffff00)},
  };
  for (const Breakage& breakage : cases) expect<CorruptError>(breakage, read_volume);
}

TEST_CASE("a broken config is an error that names the file and the member") {
  const test::SampleCopy sample("v2-local");
  const std::string good = test::read_file(sample.config_path());
  const auto error_of = [&](const Edit& edit) -> std::string {
    test::write_file(sample.config_path(), edit(good));
    try {
      sample.open();
    } catch (const CorruptError& error) {
      return error.what();
    } catch (const ValidationError& error) { return error.what(); }
    return "";
  };
  CHECK(error_of(truncated(0.5)).find("config.json") != std::string::npos);
  CHECK(error_of(becomes("")).find("config.json") != std::string::npos);
  CHECK(error_of(replaced("\"label\": 2", "\"label\": 0")).find("label") != std::string::npos);
  CHECK(error_of(replaced("\"name\": \"proteasome\"", "\"name\": \"a_b\"")).find("name") !=
        std::string::npos);
  CHECK(error_of(replaced("153", "1530")).find("color") != std::string::npos);
  CHECK(error_of(replaced("local://", "gopher://")).find("gopher") != std::string::npos);
}

TEST_CASE(
    "an old density map that lies about its size is a CorruptError and its neighbour is read") {
  const test::SampleCopy sample("legacy-readme");
  const std::string path = sample / "ParticleMrcs/1_ribosome.mrc";
  const std::string good = test::read_file(path);
  for (const Edit& edit :
       {truncated(0.5), truncated(0.01), becomes(""), with_u32(0, 0x7fffffff), with_u32(12, 77)}) {
    test::write_file(path, edit(good));
    const Root root = sample.open();
    CHECK_THROWS_AS(root.get_object("ribosome")->read<float>(), CorruptError);
    CHECK(root.get_object("proteasome")->read<float>().size() == 16 * 18 * 20);
  }
}

TEST_CASE("names that would lead out of a project are not followed") {
  const test::SampleCopy sample("v2-local");
  Root root = sample.open();
  Run run = *root.get_run("TS_001");
  CHECK_THROWS_AS(root.overlay_store()->get("../config.json"), ValidationError);
  CHECK_THROWS_AS(root.overlay_store()->put("ExperimentRuns/../../x", as_bytes("x")),
                  ValidationError);
  CHECK_THROWS_AS(root.new_run("../escape"), ValidationError);
  CHECK_THROWS_AS(run.new_picks("ribosome", {.user = "../../x", .session = "1"}), ValidationError);
  const Picks picks = run.new_picks("ribosome", {.user = "x", .session = "a/b"});
  CHECK(picks.session_id() == "a-b");
  CHECK_FALSE(std::filesystem::exists(sample / "x"));
}

TEST_CASE("stray files and folders do not break a listing") {
  const test::SampleCopy sample("v2-local");
  test::write_file(sample / "overlay/ExperimentRuns/TS_001/Picks/nounderscore.json", "{}");
  test::write_file(sample / "overlay/ExperimentRuns/TS_001/Picks/.hidden_1_ribosome.json", "{}");
  test::write_file(sample / "overlay/ExperimentRuns/TS_001/VoxelSpacingabc/x.zarr/.zgroup", "{}");
  test::write_file(sample / "overlay/ExperimentRuns/TS_001/Segmentations/junk.zarr/.zgroup", "{}");
  test::write_file(sample / "overlay/ExperimentRuns/.DS_Store", "junk");
  test::write_file(sample / "overlay/ExperimentRuns/TS_001/VoxelSpacing13.480/notes.txt", "junk");
  const Root root = sample.open();
  CHECK(root.runs().size() == 3);
  CHECK(root.get_run("TS_001")->picks().size() == 6);
  CHECK(root.get_run("TS_001")->voxel_spacings().size() == 2);
  CHECK(root.get_run("TS_001")->segmentations().size() == 5);
}
