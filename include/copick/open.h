// Opening and creating projects.
//
// Threads: safe from any thread. Ownership: the Root keeps its stores alive.
#pragma once

#include <copick/entities.h>

#include <string>
#include <string_view>
#include <vector>

namespace copick {

// Opens the project that the config file at `path` describes. Relative roots are relative to the
// working directory, as in the reference. NotFoundError, CorruptError, ValidationError name the
// file.
Root open(const std::string& path);
// The same from JSON text; save_config needs a path then.
Root open_text(std::string_view config_json);
Root open_config(Config config);
// For tools that wrap storage themselves: either store may be null, both may be the same.
Root open_stores(Config config, StorePtr overlay, StorePtr static_source);

struct NewProject {
  std::string name = "copick project";
  std::string description{};
  std::vector<PickableObject> objects{};
  std::string overlay_root{};  // path or URL
  std::optional<std::string> static_root{};
};
// Writes a config (ConflictError if `config_path` exists and !overwrite) and opens it.
Root create(const std::string& config_path, const NewProject& project, bool overwrite = false);

}  // namespace copick
