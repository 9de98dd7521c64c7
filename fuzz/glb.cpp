// A file that reads must come back unchanged, and after an addition read as before plus what was
// added. The first byte says whether the rest is a whole file or the glTF document of one.
#include <copick/error.h>
#include <copick/mesh_scene.h>

#include "choices.h"
#include "geometry/glb_container.h"

using copick::Bytes;
using copick::ByteView;
using copick::MeshScene;
using copick::fuzz::require;

namespace {

void check_addition(MeshScene scene) {
  const std::size_t before = scene.primitives().size();
  try {
    scene.add({{0, 0, 0, 1, 0, 0, 0, 1, 0}, {0, 1, 2}, {}, {}}, "added");
  } catch (const copick::CorruptError&) {  // a part that reading had no use for
    return;
  } catch (const copick::ValidationError&) { return; }
  const MeshScene again = MeshScene::parse_glb(scene.to_glb(), "added");
  require(again.primitives().size() == before + 1);
}

void check(ByteView file) {
  try {
    const MeshScene scene = MeshScene::parse_glb(file, "input");
    const Bytes written = scene.to_glb();
    require(copick::as_text(written) == copick::as_text(file));
    static_cast<void>(scene.bounds());
    const copick::TriangleMesh mesh = scene.triangles();
    for (const std::uint32_t index : mesh.faces) require(index < mesh.vertices.size() / 3);
    check_addition(scene);
  } catch (const copick::CorruptError&) {}
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] % 2 == 0)
    check(copick::as_bytes(rest));
  else
    check(copick::geometry::join_glb(rest, copick::as_bytes(std::string(96, '\0')), {}));
  return 0;
}
