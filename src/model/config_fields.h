// The two directions between a config's JSON and its fields, shared by reading and writing.
//
// Notes: docs/format/config.md. Threads: pure functions.
#pragma once

#include <copick/config.h>

#include <optional>
#include <string>
#include <string_view>

namespace copick::model {

// Fields from JSON. Checks what kind of value each member holds, not the rules between members.
// ValidationError names the member (`pickable_objects[3].color`), `where` the file.
Config read_config(const Json& document, std::string_view where);

// A filament declaration. On a broken one `problem` says which member and why.
std::optional<FilamentSpec> read_filament(const Json& declaration, std::string& problem);
// metadata.copick.filament of an object, nullptr when it is not there or null.
const Json* find_filament(const Json& metadata);
// Why the object's declaration does not hold; empty when it does or there is none.
std::string filament_declaration_problem(const PickableObject& object);

}  // namespace copick::model
