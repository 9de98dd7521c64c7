#include "ops/filament_columns.h"

#include "base/logging.h"

#include <copick/error.h>
#include <copick/uri.h>

namespace copick::ops {

namespace {

// The one FilamentSet of a run that a URI names.
FilamentSet named_set(const Run& run, const std::string& text) {
  const std::string doing = "look up the polarity of run '" + run.name() + "'";
  const Uri uri = Uri::parse(text, UriKind::filaments);
  const auto part = [&](const std::string& pattern) {
    return pattern == "*" ? Match() : uri.regex ? Match::regex(pattern) : Match::parse(pattern);
  };
  const std::vector<FilamentSet> found = run.get_filaments({.object = part(uri.name),
                                                            .user = part(uri.user),
                                                            .session = part(uri.session),
                                                            .from_user = {}});
  if (found.size() == 1) return found.front();
  throw NotFoundError(
      {doing, run.url(),
       "the filaments URI '" + text + "' names " + std::to_string(found.size()) + " sets, not one",
       "name one set in each run, for example microtubule:tracer/1"});
}

std::vector<bool> polarity_of(const Picks& picks, const FilamentSet& set) {
  std::map<std::int64_t, bool> known;
  for (const Filament& filament : set.filaments())
    known[filament.instance_id] = filament.polarity_known;
  std::vector<bool> polarity;
  for (const Point& point : picks.points()) {
    const std::int64_t id = point.instance_id.value_or(0);
    const auto found = known.find(id);
    if (found == known.end()) {
      throw NotFoundError({"look up the polarity of picks '" + uri_of(picks) + "' of run '" +
                               picks.run().name() + "'",
                           set.url(), "filament " + std::to_string(id) + " is not in it",
                           "name the filaments the picks were sampled from: --filaments-uri; or "
                           "--no-polarity-from-filaments"});
    }
    polarity.push_back(found->second);
  }
  return polarity;
}

}  // namespace

bool wants_filament_columns(const Root& root, std::span<const Picks> picks,
                            ExportPicks::FilamentColumns choice) {
  if (choice != ExportPicks::FilamentColumns::automatic)
    return choice == ExportPicks::FilamentColumns::on;
  std::size_t filaments = 0;
  for (const Picks& entity : picks) {
    const PickableObject* object = root.config().find_object(entity.object_name());
    filaments += object && object->is_filament();
  }
  if (filaments != 0 && filaments != picks.size())
    base::warn(
        "picks of filaments and of other objects are exported together: without filament columns");
  return filaments != 0 && filaments == picks.size();
}

std::map<std::string, std::vector<bool>> polarity_by_run(std::span<const Picks> picks,
                                                         const std::string& filaments_uri) {
  std::map<std::string, std::vector<bool>> by_run;
  for (const Picks& entity : picks) {
    const Run run = entity.run();
    std::vector<bool> polarity(entity.size(), false);
    const auto own = run.get_filaments(entity.object_name(), entity.user_id(), entity.session_id());
    if (!filaments_uri.empty())
      polarity = polarity_of(entity, named_set(run, filaments_uri));
    else if (own)
      polarity = polarity_of(entity, *own);
    std::vector<bool>& all = by_run[run.name()];
    all.insert(all.end(), polarity.begin(), polarity.end());
  }
  return by_run;
}

}  // namespace copick::ops
