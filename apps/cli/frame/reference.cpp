#include "frame/reference.h"

#include <copick/error.h>
#include <copick/ops.h>

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace copick::cli {

namespace {

constexpr std::array<std::string_view, kind_count> kind_names{
    "tomogram", "feature", "segmentation", "picks", "mesh", "filaments", "object"};
constexpr std::array<std::string_view, kind_count> other_names{
    "tomograms", "features", "segmentations", "pick", "meshes", "filament", "objects"};

UriKind uri_kind(Kind kind) {
  constexpr std::array kinds{UriKind::tomogram, UriKind::feature, UriKind::segmentation,
                             UriKind::picks,    UriKind::mesh,    UriKind::filaments};
  return kinds[static_cast<std::size_t>(kind)];
}

Found found_of(Kind kind, UriMatch match) {
  std::string uri = match.uri();
  return std::visit(
      [&](auto& entity) {
        return Found{kind, std::move(match.run), std::move(entity), std::move(uri)};
      },
      match.entity);
}

// A feature map is named by its type too ("wbp@10:sobel"), else every tomogram's URI would name its
// features.
bool names_a_feature(const std::string& uri) {
  const auto at = uri.find('@');
  return uri == "*" || (at != std::string::npos && uri.find(':', at) != std::string::npos);
}

bool states_a_kind(const Uri& uri) { return uri.multilabel || uri.instance || uri.panoptic; }

void add_matches(const Root& root, Kind kind, const Uri& uri, const Run& run,
                 std::vector<Found>& found) {
  for (UriMatch& match : resolve(root, uri, run.name()))
    found.push_back(found_of(kind, std::move(match)));
}

void add_kind(const Root& root, Kind kind, const Uri& uri, const Run& run, bool all_segmentations,
              std::vector<Found>& found) {
  add_matches(root, kind, uri, run, found);
  if (kind != Kind::segmentation || !all_segmentations || states_a_kind(uri)) return;
  Uri other = uri;
  other.instance = true;
  add_matches(root, kind, other, run, found);
  other.instance.reset();
  other.panoptic = true;
  add_matches(root, kind, other, run, found);
}

// Objects without a density map count only when objects are asked for.
void add_objects(const Root& root, const Reference& reference, std::vector<Found>& found) {
  const Match match = Match::parse(reference.uri);
  for (const Object& object : root.objects())
    if (match(object.name()) && (reference.kind || object.has_data()))
      found.push_back({Kind::object, {}, object, object.name()});
}

std::vector<Kind> kinds_to_try(const Reference& reference) {
  if (reference.kind) return {*reference.kind};
  std::vector<Kind> kinds;
  for (std::size_t i = 0; i < kind_count; ++i) {
    const Kind kind = static_cast<Kind>(i);
    if (kind != Kind::feature || names_a_feature(reference.uri)) kinds.push_back(kind);
  }
  return kinds;
}

// The URI as each kind reads it. A URI that breaks the grammar of a kind nobody asked for is not of
// that kind.
std::vector<std::pair<Kind, Uri>> readings(const Reference& reference) {
  std::vector<std::pair<Kind, Uri>> readings;
  std::string why;
  for (const Kind kind : kinds_to_try(reference)) {
    if (kind == Kind::object) continue;
    try {
      readings.emplace_back(kind, Uri::parse(reference.uri, uri_kind(kind)));
    } catch (const ValidationError& error) { why = error.what(); }
  }
  if (readings.empty() && !why.empty()) throw UsageError("Invalid URI: " + why);
  return readings;
}

}  // namespace

std::string_view name_of(Kind kind) { return kind_names[static_cast<std::size_t>(kind)]; }

std::optional<Kind> kind_from_word(std::string_view word) {
  std::string lower(word);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  for (std::size_t i = 0; i < kind_count; ++i)
    if (lower == kind_names[i] || lower == other_names[i]) return static_cast<Kind>(i);
  return std::nullopt;
}

std::string Reference::text() const { return kind ? std::string(name_of(*kind)) + " " + uri : uri; }

Reference parse_reference(const std::vector<std::string>& words) {
  if (words.size() > 2) throw UsageError("Got unexpected extra argument (" + words[2] + ")");
  if (words.empty()) return {};
  if (words.size() == 2) {
    const auto kind = kind_from_word(words[0]);
    if (kind) return {kind, words[1]};
    std::string known;
    for (const std::string_view name : kind_names)
      known += (known.empty() ? "'" : ", '") + std::string(name) + "'";
    throw UsageError("Invalid value for 'KIND': '" + words[0] + "' is not one of " + known + ".");
  }
  if (const auto kind = kind_from_word(words[0])) return {kind, "*"};
  const auto colon = words[0].find(':');
  if (colon != std::string::npos) {
    if (const auto kind = kind_from_word(std::string_view(words[0]).substr(0, colon)))
      return {kind, words[0].substr(colon + 1)};
  }
  return {std::nullopt, words[0]};
}

const Volume* Found::volume() const {
  return std::visit(
      [](const auto& value) -> const Volume* {
        if constexpr (std::is_base_of_v<Volume, std::decay_t<decltype(value)>>)
          return &value;
        else
          return nullptr;
      },
      entity);
}

Origin Found::origin() const {
  return std::visit([](const auto& value) { return value.origin(); }, entity);
}
bool Found::read_only() const {
  return std::visit([](const auto& value) { return value.read_only(); }, entity);
}
std::string Found::path() const {
  return std::visit([](const auto& value) { return value.path(); }, entity);
}
std::string Found::url() const {
  return std::visit([](const auto& value) { return value.url(); }, entity);
}
std::string Found::text() const {
  return fmt::format("{} {}{}", name_of(kind), uri, run ? " of run " + run->name() : "");
}

std::vector<Found> find_all(const Root& root, const Reference& reference,
                            const std::vector<Run>& runs, bool all_segmentations) {
  std::vector<Found> found;
  const auto kinds = readings(reference);
  for (const Run& run : runs) {
    for (const auto& [kind, uri] : kinds) {
      try {
        add_kind(root, kind, uri, run, all_segmentations, found);
      } catch (const ValidationError&
                   error) {  // "wbp@abc": no voxel size, so of another kind if none was asked for
        if (reference.kind) throw UsageError(std::string("Invalid URI: ") + error.what());
      }
    }
  }
  if (!reference.kind || *reference.kind == Kind::object) add_objects(root, reference, found);
  return found;
}

std::size_t prefer_overlay(std::vector<Found>& found) {
  const auto same = [&](const Found& a, const Found& b) {
    return a.kind == b.kind && a.uri == b.uri && (!a.run || a.run->name() == b.run->name());
  };
  const std::size_t before = found.size();
  std::vector<Found> kept;
  for (Found& entity : found) {
    const auto twin = std::find_if(kept.begin(), kept.end(),
                                   [&](const Found& other) { return same(entity, other); });
    if (twin == kept.end())
      kept.push_back(std::move(entity));
    else if (entity.origin() == Origin::overlay)
      *twin = std::move(entity);
  }
  found = std::move(kept);
  return before - found.size();
}

namespace {

std::string candidates(const std::vector<Found>& found) {
  constexpr std::size_t most = 10;
  std::string text;
  for (std::size_t i = 0; i < std::min(most, found.size()); ++i) text += "\n  " + found[i].text();
  if (found.size() > most) text += fmt::format("\n  ... and {} more", found.size() - most);
  return text;
}

}  // namespace

void refuse_missing(const Root& root, const Reference& reference, const std::vector<Run>& runs,
                    const std::string& verb) {
  std::vector<std::string> uris;
  for (const Found& other : find_all(root, {reference.kind, "*"}, runs, true)) {
    if (std::find(uris.begin(), uris.end(), other.uri) == uris.end()) uris.push_back(other.uri);
  }
  std::string hint = near_name(reference.uri, uris);
  if (hint.empty() && !uris.empty()) {
    hint = "there are:";
    constexpr std::size_t most = 8;
    for (std::size_t i = 0; i < std::min(most, uris.size()); ++i)
      hint += (i ? ", " : " ") + uris[i];
    if (uris.size() > most) hint += ", ...";
  }
  if (hint.empty()) hint = "see what there is: copick ls";
  throw NotFoundError(
      {verb + " " + reference.text() + (runs.size() == 1 ? " of run " + runs[0].name() : ""),
       root.config_path(), "no such entity in the project", hint});
}

Found find_one(const Root& root, const Reference& reference, const std::string& run_name,
               const std::string& verb) {
  std::vector<Run> runs = root.runs();
  if (!run_name.empty()) runs = {require_run(root, run_name, verb + " " + reference.text())};
  std::vector<Found> found = find_all(root, reference, runs, false);
  if (found.empty()) found = find_all(root, reference, runs, true);
  prefer_overlay(found);
  if (found.empty()) refuse_missing(root, reference, runs, verb);
  if (found.size() == 1) return std::move(found.front());
  const bool one_run = std::all_of(found.begin(), found.end(), [&](const Found& other) {
    return !other.run || !found.front().run || other.run->name() == found.front().run->name();
  });
  throw UsageError(fmt::format(
      "'{}' names {} entities, {} takes one. {}:{}", reference.text(), found.size(), verb,
      one_run ? "Give the kind and the full URI of one" : "Add --run, or name one fully",
      candidates(found)));
}

std::vector<Run> selected_runs(const Root& root, const std::vector<std::string>& names) {
  if (names.empty()) return root.runs();
  std::vector<std::string> wanted;
  for (const std::string& name : names) {  // a comma separates names too
    std::size_t at = 0;
    while (at <= name.size()) {
      const auto end = std::min(name.find(',', at), name.size());
      if (end > at) wanted.push_back(name.substr(at, end - at));
      at = end + 1;
    }
  }
  std::vector<Match> matches;
  for (const std::string& name : wanted) {
    matches.push_back(Match::parse(name));
    if (root.get_runs(matches.back()).empty()) require_run(root, name, "select runs");
  }
  std::vector<Run> runs;
  for (const Run& run : root.runs())
    if (std::any_of(matches.begin(), matches.end(),
                    [&](const Match& match) { return match(run.name()); }))
      runs.push_back(run);
  return runs;
}

}  // namespace copick::cli
