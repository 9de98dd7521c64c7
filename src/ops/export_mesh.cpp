#include "base/number_text.h"

#include <copick/ops.h>

namespace copick {

std::string mesh_obj(const Mesh& mesh) {
  const TriangleMesh triangles = mesh.scene().triangles();
  std::string text = "# " + mesh.object_name() + ", user " + mesh.user_id() + ", session " +
                     mesh.session_id() + ", run " + mesh.run().name() + "; angstrom\no " +
                     mesh.object_name() + "\n";
  const auto add_rows = [&](std::string_view keyword, const std::vector<float>& values) {
    for (std::size_t i = 0; i + 2 < values.size(); i += 3) {
      text += keyword;
      for (std::size_t axis = 0; axis < 3; ++axis) {
        text += ' ';
        base::append_python_float(text, static_cast<double>(values[i + axis]));
      }
      text += '\n';
    }
  };
  add_rows("v", triangles.vertices);
  add_rows("vn", triangles.normals);
  const bool normals = !triangles.normals.empty();
  for (std::size_t i = 0; i + 2 < triangles.faces.size(); i += 3) {
    text += 'f';
    for (std::size_t corner = 0; corner < 3; ++corner) {
      const std::string index =
          std::to_string(triangles.faces[i + corner] + 1);  // OBJ counts from 1
      text += ' ' + index;
      if (normals) text += "//" + index;
    }
    text += '\n';
  }
  return text;
}

}  // namespace copick
