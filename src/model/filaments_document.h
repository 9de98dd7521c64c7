// FilamentsDocument: the content of a Filaments file. Format: docs/format/filaments.md. Threads: a value type.
#pragma once

#include <copick/filament.h>
#include <copick/json.h>

#include <string>
#include <string_view>
#include <vector>

namespace copick::model {

struct FilamentsDocument {
  Json header = Json::object();      // members outside "filaments", in file order
  std::vector<Filament> filaments;

  static FilamentsDocument make(std::string object, std::string user, std::string session,
                                std::optional<std::string> run, std::optional<double> voxel_spacing);
  static FilamentsDocument parse(std::string_view text, const std::string& where);  // CorruptError names `where`
  // Python's layout, indent 4. Drops curves that are not current (logged); refuses versions above 1.
  std::string to_text(const std::string& where) const;
};

}  // namespace copick::model
