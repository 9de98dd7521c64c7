// metadata.copick.filament of a pickable object. Note: docs/format/config.md, section 3.
#include "model/config_fields.h"
#include "model/lax_json.h"

#include <copick/error.h>

namespace copick {

namespace model {

namespace {

std::string expected(std::string_view key, std::string_view what, const Json& found) {
  return std::string(key) + ": expected " + std::string(what) + ", found " + describe(found);
}

std::string filament_spec_problem(const FilamentSpec& spec) {
  if (!spec.helical_rise_a || *spec.helical_rise_a > 0) return {};
  return expected("helical_rise_a", "angstrom above 0", Json::number(*spec.helical_rise_a));
}

void read_member(const std::string& key, const Json& value, FilamentSpec& spec,
                 std::string& problem) {
  if (key == "polar") {
    spec.polar = lax_bool(value);
    if (!spec.polar) problem = expected(key, "true, false or null", value);
  } else if (key == "helical_rise_a" || key == "helical_twist_deg") {
    const auto number = lax_double(value);
    if (!number) problem = expected(key, "a number or null", value);
    (key == "helical_rise_a" ? spec.helical_rise_a : spec.helical_twist_deg) = number;
  } else {
    spec.extra[key] = value;
  }
}

}  // namespace

const Json* find_filament(const Json& metadata) {
  const Json* reserved = metadata.find("copick");
  const Json* declaration = reserved ? reserved->find("filament") : nullptr;
  return declaration && !declaration->is_null() ? declaration : nullptr;
}

std::optional<FilamentSpec> read_filament(const Json& declaration, std::string& problem) {
  problem.clear();
  if (!declaration.is_object()) {
    problem = "expected an object, found " + describe(declaration);
    return std::nullopt;
  }
  FilamentSpec spec;
  for (const auto& [key, value] : declaration.members())
    if (!value.is_null() && problem.empty()) read_member(key, value, spec, problem);
  if (problem.empty()) problem = filament_spec_problem(spec);
  if (!problem.empty()) return std::nullopt;
  return spec;
}

std::string filament_declaration_problem(const PickableObject& object) {
  const Json* declaration = find_filament(object.metadata);
  if (!declaration) return {};
  std::string problem;
  if (!read_filament(*declaration, problem)) return problem;
  return object.is_particle
             ? ""
             : "is_particle: expected true, found false; filaments are annotated by points";
}

}  // namespace model

std::optional<FilamentSpec> PickableObject::filament() const {
  const Json* declaration = model::find_filament(metadata);
  std::string problem;
  if (!declaration || !is_particle) return std::nullopt;
  return model::read_filament(*declaration, problem);
}

void PickableObject::set_filament(const std::optional<FilamentSpec>& spec) {
  const auto refuse = [&](const std::string& why, const std::string& hint) {
    throw ValidationError({"set the filament declaration of object '" + name + "'", "", why, hint});
  };
  const Json* reserved = metadata.find("copick");
  if (reserved && !reserved->is_object()) {
    refuse("metadata.copick: expected an object, found " + model::describe(*reserved),
           "that member is reserved; move what it holds elsewhere");
  }
  if (!spec) {
    if (!reserved) return;
    metadata["copick"].erase("filament");
    if (metadata["copick"].members().empty()) metadata.erase("copick");
    return;
  }
  if (!is_particle)
    refuse("the object is not a particle", "set is_particle; filaments are annotated by points");
  const std::string problem = model::filament_spec_problem(*spec);
  if (!problem.empty()) refuse(problem, "leave it out when it is not known");

  Json declaration = Json::object();
  if (spec->polar) declaration["polar"] = Json::boolean(*spec->polar);
  if (spec->helical_rise_a) declaration["helical_rise_a"] = Json::number(*spec->helical_rise_a);
  if (spec->helical_twist_deg)
    declaration["helical_twist_deg"] = Json::number(*spec->helical_twist_deg);
  for (const auto& [key, value] : spec->extra.members())
    if (!value.is_null()) declaration[key] = value;
  if (!reserved) metadata["copick"] = Json::object();
  metadata["copick"]["filament"] = std::move(declaration);
}

}  // namespace copick
