// How a table of particles enters a project:
//   1. The table is read: rows grouped by the tomogram they name.
//   2. Each group is given its run (docs/cli.md, "Which run").
//   3. What must not be there is looked for in every run, before anything is made.
//   4. Each run's picks are stored; when one of them fails, those made before are taken back.
#include "base/logging.h"
#include "format/points.h"
#include "model/names.h"  // sanitise, as new_picks will do
#include "ops/import_target.h"
#include "ops/text_file.h"
#include "ops/tomogram_centre.h"

#include <copick/error.h>
#include <copick/ops.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <set>

namespace copick {

namespace {

using Groups = std::vector<format::RunPoints>;

PicksFile type_of(const std::string& path, const AddPicks& options) {
  if (options.file_type != PicksFile::automatic) return options.file_type;
  std::string extension = std::filesystem::path(path).extension().string();
  for (char& c : extension) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (extension == ".csv") return PicksFile::csv;
  if (extension == ".star") return PicksFile::star;
  throw ValidationError(
      {"add picks", path, "extension '" + extension + "' is of no known particle table",
       "say what it is: --file-type csv or star (extensions known: .csv, .star)"});
}

std::set<std::string> tomogram_names(std::string_view text, const std::string& path) {
  std::set<std::string> names;
  for (const format::StarBlock& block : format::parse_star(text, path)) {
    if (const auto column = block.column("rlnTomoName"))
      for (const auto& row : block.rows) names.insert(row[*column]);
  }
  return names;
}

// Centres of the tomograms the table names, as far as the project has them. `run` stands for all
// names when it is not one of them; rows that will not be taken need no centre of their own.
void take_centres(format::StarImport& star, const Root& root, std::string_view text,
                  const std::string& path, const AddPicks& options) {
  const std::set<std::string> names = tomogram_names(text, path);
  const std::string& run_name = options.run.empty() ? options.run_if_unnamed : options.run;
  if (names.empty() || (!options.run.empty() && !names.contains(options.run))) {
    if (const auto run = root.get_run(run_name))
      star.centre = ops::tomogram_centre(*run, options.voxel_size);
    return;
  }
  for (const std::string& name : names) {
    if (!options.run.empty() && name != options.run) {
      star.centres[name] = {};
    } else if (const auto run = root.get_run(name)) {
      if (const auto centre = ops::tomogram_centre(*run, options.voxel_size))
        star.centres[name] = *centre;
    }
  }
}

Groups read_table(const Root& root, const std::string& path, const AddPicks& options) {
  const Bytes file = ops::read_whole_file(path, "add picks");
  if (type_of(path, options) == PicksFile::csv) return format::parse_csv_points(file.text(), path);
  format::StarImport star;
  star.voxel_size = options.voxel_size;
  star.tilt_series_pixel_size = options.tilt_series_pixel_size;
  star.version = static_cast<format::StarImport::Version>(options.relion_version);
  if (!options.tomograms_star.empty()) {
    const Bytes tomograms =
        ops::read_whole_file(options.tomograms_star, "read the tomograms' centres");
    star.tomograms = format::parse_star_tomograms(tomograms.text(), options.tomograms_star);
  } else {
    take_centres(star, root, file.text(), path, options);
  }
  return format::parse_star_points(file.text(), star, path);
}

std::string joined(const Groups& groups) {
  constexpr std::size_t most = 5;
  std::string text;
  for (std::size_t i = 0; i < std::min(groups.size(), most); ++i)
    text += (i ? ", '" : "'") + groups[i].run + "'";
  return groups.size() > most ? text + " and " + std::to_string(groups.size() - most) + " more"
                              : text;
}

// Step 2.
Groups assigned(Groups groups, const std::string& path, const AddPicks& options) {
  if (groups.empty()) groups.push_back({});  // a table without rows gives picks without points
  if (options.run.empty()) {
    for (format::RunPoints& group : groups) {
      if (group.run.empty()) group.run = options.run_if_unnamed;
      if (!group.run.empty()) continue;
      throw ValidationError({"add picks", path,
                             "the table does not say which run its rows belong to",
                             "name the run: --run NAME"});
    }
    return groups;
  }
  const auto named = std::find_if(groups.begin(), groups.end(),
                                  [&](const auto& g) { return g.run == options.run; });
  if (named != groups.end()) return {std::move(*named)};
  if (groups.size() == 1)
    groups[0].run = options.run;  // a table of one tomogram, whatever it calls it
  else if (groups.size() > 1) {
    throw ValidationError(
        {"add picks to run '" + options.run + "'", path,
         "the table holds the tomograms " + joined(groups) + ", none is '" + options.run + "'",
         "leave --run out to give each tomogram's rows to the run of its name"});
  }
  return groups;
}

std::optional<Picks> find_picks(const Run& run, const AddPicks& options) {
  return run.get_picks(options.object, options.user_id, options.session_id);
}

// Step 3.
void check_targets(const Root& root, const Groups& groups, const AddPicks& options) {
  require_object(root, options.object, "add picks");
  for (const format::RunPoints& group : groups) {
    const std::string doing = "add picks of '" + options.object + "' to run '" + group.run + "'";
    const auto run = root.get_run(group.run);
    if (!run && !options.create) require_run(root, group.run, doing);
    const auto existing = run ? find_picks(*run, options) : std::nullopt;
    if (!existing || options.overwrite) continue;
    throw ConflictError({doing, existing->url(),
                         "picks of user '" + options.user_id + "', session '" + options.session_id +
                             "' already exist",
                         "replace their points with --overwrite, or choose another --session-id"});
  }
}

// What was stored so far; taken back unless all of it was.
class StoredPicks {
 public:
  explicit StoredPicks(Root& root) : root_(root) {}
  ~StoredPicks() {
    if (kept_) return;
    for (Picks& picks : made_) {
      try {
        picks.remove();
      } catch (const Error& error) {
        base::warn(std::string("left picks behind: ") + error.what());
      }
    }
  }

  void store(const format::RunPoints& group, const AddPicks& options) {
    const std::string doing = "add picks of '" + options.object + "' to run '" + group.run + "'";
    targets_.push_back(
        std::make_unique<ops::ImportTarget>(root_, group.run, options.create, doing));
    Run& run = targets_.back()->run();
    const auto existing = find_picks(run, options);
    const bool is_new = !existing || existing->read_only();
    Picks picks = run.new_picks(options.object, {options.user_id, options.session_id, true});
    if (is_new) made_.push_back(picks);
    picks.set_points(group.points);
    picks.store();
    all_.push_back(std::move(picks));
  }

  std::vector<Picks> keep() {
    kept_ = true;
    for (const auto& target : targets_) target->keep();
    return std::move(all_);
  }

 private:
  Root& root_;
  // Destroyed after made_ was taken back: a run is empty only then.
  std::vector<std::unique_ptr<ops::ImportTarget>> targets_;
  std::vector<Picks> made_, all_;
  bool kept_ = false;
};

}  // namespace

std::vector<Picks> add_picks(Root& root, const std::string& path, const AddPicks& options_in) {
  AddPicks options = options_in;
  options.object = model::sanitise(options.object, "object name");
  options.user_id = model::sanitise(options.user_id, "user id");
  options.session_id = model::sanitise(options.session_id, "session id");
  const Groups groups = assigned(read_table(root, path, options), path, options);
  check_targets(root, groups, options);
  StoredPicks stored(root);
  for (const format::RunPoints& group : groups) stored.store(group, options);
  return stored.keep();
}

}  // namespace copick
