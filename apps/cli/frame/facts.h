// Facts: what is known of an entity, as JSON; tables and `show` are made from the same facts.
#pragma once

#include "frame/reference.h"

#include <copick/json.h>

#include <string>
#include <vector>

namespace copick::cli {

// Identity and place: nothing is read but listings.
Json identity_facts(const Found& entity);
// Identity, place and content: metadata of volumes, files of annotations are read.
Json full_facts(const Found& entity);
// An object of the config.
Json object_facts(const PickableObject& object);
// Shape, element type, count of points: one line for a table.
std::string summary_of(const Found& entity);

// Lines "name   value" for people; members that are objects or lists of numbers on one line, null
// as "-".
std::string fact_lines(const Json& facts, const std::vector<std::string>& leave_out = {});

Json json_of(const std::optional<std::string>& text);
Json json_of(const std::optional<double>& number);
Json json_of(const Shape& shape);

}  // namespace copick::cli
