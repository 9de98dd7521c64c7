// Names a person typed: found, or answered with the nearest one there is.
#include <copick/error.h>
#include <copick/ops.h>

#include "model/entities/states.h"  // near_miss

#include <filesystem>

namespace copick {

Run require_run(const Root& root, std::string_view name, const std::string& doing) {
  if (auto run = root.get_run(name)) return *run;
  std::vector<std::string> known;
  for (const Run& run : root.runs()) known.push_back(run.name());
  std::string hint = near_name(name, known);
  if (hint.empty() && known.empty())
    hint = "the project has no runs yet; make one: copick new run NAME";
  if (hint.empty()) hint = "the runs there are: copick ls runs";
  throw NotFoundError(
      {doing, root.config_path(), "there is no run '" + std::string(name) + "'", hint});
}

const PickableObject& require_object(const Root& root, std::string_view name,
                                     const std::string& doing) {
  if (const PickableObject* object = root.config().find_object(name)) return *object;
  std::vector<std::string> known;
  for (const PickableObject& object : root.config().pickable_objects) known.push_back(object.name);
  std::string hint = near_name(name, known);
  if (hint.empty())
    hint = "add it first: copick add object --name NAME; the objects there are: copick ls objects";
  throw NotFoundError({doing, root.config_path(),
                       "no pickable object '" + std::string(name) + "' in the config", hint});
}

std::string near_name(std::string_view wanted, const std::vector<std::string>& known) {
  return model::near_miss(wanted, known);
}

std::optional<std::string> run_name_of(const std::string& path, const RunNaming& naming) {
  std::string candidate = naming.run;
  if (candidate.empty()) {
    std::filesystem::path name(path);
    if (!name.has_filename()) name = name.parent_path();  // "TS_001.zarr/"
    name = name.filename();
    if (name.extension() == ".gz" || name.extension() == ".bz2") name.replace_extension();
    candidate = name.replace_extension().string();
  }
  const auto found = Match::regex(naming.regex).first_group(candidate);
  return found ? std::optional<std::string>(naming.prefix + *found) : std::nullopt;
}

}  // namespace copick
