// FilamentsDocument: the content of a Filaments file. Format: docs/format/filaments.md.
//
//   auto document = FilamentsDocument::parse(text, path);
//   document.filaments.push_back(filament);
//   std::string out = document.to_text(path);
//
// Members we do not know survive at every level. (The reference drops them.)
// Threads: a value type.
#pragma once

#include <copick/filament.h>
#include <copick/json.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace copick::model {

struct FilamentsDocument {
  // Members outside "filaments", in file order ("filaments" holds a placeholder null). After parse
  // each has its proper kind: numbers that were given as text are numbers.
  Json header = Json::object();
  std::vector<Filament> filaments;

  static FilamentsDocument make(const std::string& object, const std::string& user,
                                const std::string& session, const std::optional<std::string>& run,
                                std::optional<double> voxel_spacing);
  static FilamentsDocument parse(std::string_view text,
                                 const std::string& where);  // CorruptError names `where`
  // Python's layout, indent 4. Leaves out curves that are not current (logged). ValidationError for
  // versions above 1, for filaments that break a rule and for an instance id that occurs twice.
  std::string to_text(const std::string& where) const;
};

}  // namespace copick::model
