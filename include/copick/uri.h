// Copick URIs: how a person or a script names entities in one line.
//
//   picks, mesh, filaments   object[:user[/session]]
//   segmentation name[:user[/session]][@voxel_size][?multilabel=true|instance=true|panoptic=true]
//   tomogram                 tomo_type[@voxel_size]
//   feature                  tomo_type[@voxel_size[:feature_type]]
//
// Missing parts are "*". Parts with * ? [ are shell patterns; a leading "re:" makes every part a
// regular expression anchored at its start. Source: the reference's util/uri; note:
// docs/format/uri.md. Errors: ValidationError. Threads: value types and pure functions.
#pragma once

#include <copick/entities.h>

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace copick {

enum class UriKind { picks, mesh, filaments, segmentation, tomogram, feature };
std::string_view name_of(UriKind kind);
std::optional<UriKind> uri_kind_from_name(std::string_view name);  // any letter case

struct Uri {
  UriKind kind = UriKind::picks;
  bool regex = false;
  // Parts as typed; "*" where missing. Unused ones are "*".
  std::string name = "*";  // object, segmentation name or tomo_type
  std::string user = "*";
  std::string session = "*";
  std::string voxel_size = "*";
  std::string feature_type = "*";
  std::optional<bool> multilabel, instance, panoptic;

  static Uri parse(std::string_view text, UriKind kind);
  // True when it may name more than one entity: a regex, or any part holding * ? [.
  bool is_pattern() const;
  std::string text() const;
};

// One entity of any kind that a URI can name, with the run it belongs to.
struct UriMatch {
  Run run;
  std::variant<Picks, Mesh, FilamentSet, Segmentation, Tomogram, Features> entity;
  std::string uri() const;  // the full URI that names exactly this entity (within its run and kind)
};

// Every entity that `uri` names, runs in project order. `run_name` empty: all runs; unknown:
// NotFoundError.
std::vector<UriMatch> resolve(const Root& root, const Uri& uri, std::string_view run_name = {});

// Full URIs of single entities.
std::string uri_of(const Picks& picks);
std::string uri_of(const Mesh& mesh);
std::string uri_of(const FilamentSet& filaments);
std::string uri_of(const Segmentation& segmentation);
std::string uri_of(const Tomogram& tomogram);
std::string uri_of(const Features& features);

}  // namespace copick
