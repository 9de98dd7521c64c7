// Reference: how the command line names entities: [KIND] URI, in some runs. Grammar: docs/cli.md,
// "Naming things".
//
//   tomogram wbp@10        a kind and a URI
//   tomogram:wbp@10        the same in one word
//   wbp@10                 whatever kind fits
//   tomogram               every entity of the kind
#pragma once

#include "frame/context.h"

#include <copick/entities.h>
#include <copick/uri.h>

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace copick::cli {

enum class Kind { tomogram, feature, segmentation, picks, mesh, filaments, object };
inline constexpr std::size_t kind_count = 7;
std::string_view name_of(Kind kind);
// Singular or plural, any letter case.
std::optional<Kind> kind_from_word(std::string_view word);

struct Reference {
  std::optional<Kind> kind;
  std::string uri = "*";
  std::string text() const;  // as it could be typed
};
// What the words after the verb mean. UsageError for more than two, or two of which the first is no
// kind.
Reference parse_reference(const std::vector<std::string>& words);

// An entity that was found. `run` is empty for objects.
struct Found {
  Kind kind = Kind::tomogram;
  std::optional<Run> run;
  std::variant<Tomogram, Features, Segmentation, Picks, Mesh, FilamentSet, Object> entity;
  std::string uri;  // names it within its run and kind

  // The volume behind it; nullptr for picks, meshes and filaments. Valid as long as *this.
  const Volume* volume() const;
  Origin origin() const;
  bool read_only() const;
  std::string path() const;
  std::string url() const;
  std::string text() const;  // "tomogram wbp@13.48 of run TS_001"
};

// Everything the reference names in these runs, in project order. Segmentations of every kind when
// `all_segmentations` and the URI states none. UsageError when the URI fits no kind's grammar.
std::vector<Found> find_all(const Root& root, const Reference& reference,
                            const std::vector<Run>& runs, bool all_segmentations);

// Static and overlay may hold one identity; whoever names it means the overlay's. Drops the others;
// gives how many.
std::size_t prefer_overlay(std::vector<Found>& found);

// The one entity the reference names in the run `run_name` ("": any run). Where both sources hold
// it, the overlay's. NotFoundError with near misses when there is none; UsageError listing the
// candidates when there are several.
Found find_one(const Root& root, const Reference& reference, const std::string& run_name,
               const std::string& verb);

// NotFoundError: nothing in these runs is named so; with the nearest URI, or those there are.
[[noreturn]] void refuse_missing(const Root& root, const Reference& reference,
                                 const std::vector<Run>& runs, const std::string& verb);

// The runs of -r: names or patterns; all runs without. NotFoundError for a name that is not there.
std::vector<Run> selected_runs(const Root& root, const std::vector<std::string>& names);

}  // namespace copick::cli
