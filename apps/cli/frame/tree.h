// A project drawn as a tree, for people.
#pragma once

#include <copick/entities.h>

#include <string>
#include <vector>

namespace copick::cli {

// Entities that lie in the overlay of a project with a static source are marked "+".
std::string project_tree(const Root& root, const std::vector<Run>& runs);

}  // namespace copick::cli
