// Config: copick_config.json, the description of a project.
//
// Fields, defaults and rules are those of the reference implementation; see docs/format/config.md.
// Members we do not know are kept and written back in their place, and a field that was absent is
// not invented on a rewrite.
//
//   Config config = Config::from_text(text, path);
//   config.add_object({.name = "ribosome", .is_particle = true, .radius = 130.0});
//   std::string json = config.to_text();
//
// Errors:  ValidationError names the member that breaks a rule; CorruptError when it is not JSON.
// Threads: a value type.
#pragma once

#include <copick/json.h>

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace copick {

using Color = std::array<std::uint8_t, 4>;  // red, green, blue, alpha

// Declaration of a filament object (metadata.copick.filament). Rise and twist are per subunit.
struct FilamentSpec {
  std::optional<bool> polar{};
  std::optional<double> helical_rise_a{};  // angstrom, above 0
  std::optional<double> helical_twist_deg{};
  Json extra = Json::object();  // other members of the declaration
};

// Something that can be labelled in a volume. radius is angstrom.
struct PickableObject {
  std::string name{};        // unique in the project, sanitised (no '_', blanks or separators)
  bool is_particle = false;  // may be annotated by points
  // Value in multilabel segmentations: unique, not 0. A file that says nothing means 1.
  std::optional<std::int64_t> label{};
  std::optional<Color> color = Color{100, 100, 100, 255};  // without one, files leave it out
  std::optional<std::string> emdb_id{};
  std::optional<std::string> pdb_id{};
  std::optional<std::string> identifier{};  // GO term, UniProtKB accession; "go_id" in old files
  std::optional<double> map_threshold{};
  std::optional<double> radius{};
  Json metadata = Json::object();
  Json extra = Json::object();  // members we do not know

  // The declaration in metadata, leniently read: nullopt when absent or broken. (Broken ones were
  // logged on load.)
  std::optional<FilamentSpec> filament() const;
  bool is_filament() const { return filament().has_value(); }
  // Writes (or, with nullopt, removes) metadata.copick.filament. ValidationError when the object is
  // not a particle, the rise is not above 0, or metadata.copick is something else than an object.
  void set_filament(const std::optional<FilamentSpec>& spec);
};

class Config {
 public:
  std::optional<std::string> name = "CoPick";
  std::optional<std::string> description = "Let's CoPick!";
  std::optional<std::string> version = "0.2.0";
  std::vector<PickableObject> pickable_objects;
  std::optional<std::string> user_id;
  std::optional<std::string> session_id;
  // Indexes: names only, an aid for sources that cannot list. nullopt when the file has none.
  std::optional<std::vector<std::string>> runs;
  std::optional<Json> voxel_spacings;
  std::optional<Json> tomograms;
  std::string config_type = "filesystem";
  std::optional<std::string> overlay_root;
  std::optional<std::string> static_root;
  // Ours: the Zarr format of new images, 2 or 3. Absent means 2, the one that every generation of
  // readers knows.
  std::optional<int> zarr_format;
  Json overlay_fs_args = Json::object();
  Json static_fs_args = Json::object();
  Json extra = Json::object();  // members we do not know, those of other project kinds included

  // `where` is the path or URL for messages. A missing config_type means "filesystem". Logged, not
  // refused: broken filament declarations, and names or labels that occur twice.
  static Config from_text(std::string_view text, std::string_view where);
  // JSON, indent 4 or that of the text this was read from. Its members keep their order, and their
  // spelling unless their value changed.
  std::string to_text() const;

  const PickableObject* find_object(std::string_view name) const;
  // Appends after checking every rule; ValidationError names the broken one. Without a label, the
  // next free one (max + 1) is taken. An object of that name is a ConflictError, or with exist_ok
  // is updated: is_particle is taken over, and of the rest whatever is given (not empty, not the
  // default colour).
  PickableObject& add_object(PickableObject object, bool exist_ok = false);
  // ValidationError on the first broken rule: names, labels not 0, both unique, user and session
  // ids, a known config_type, a root. What occurred twice in the text that was read may stay so.
  void validate(std::string_view where) const;
  // Copy with every secret replaced by "***": in fs_args whatever is named like one (key, secret,
  // token, password, passphrase, ...), in URLs the password of user:password@host and signatures.
  Config masked() const;

 private:
  Json document_ = Json::object();  // as read; to_text changes only members whose value changed
  int indent_ = 4;
  bool ends_with_newline_ = false;
};

}  // namespace copick
