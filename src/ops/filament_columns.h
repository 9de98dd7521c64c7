// What RELION's filament columns need to know of a project: which objects are filaments, and which
// way they run.
#pragma once

#include <copick/ops.h>

#include <map>
#include <span>
#include <string>
#include <vector>

namespace copick::ops {

// `automatic`: when every object is declared a filament; a mixture is plain, with a remark.
bool wants_filament_columns(const Root& root, std::span<const Picks> picks,
                            ExportPicks::FilamentColumns choice);

// By run, one for each point of `picks` in order: whether its filament's polarity is known. The
// filament is looked up by instance id in the Filaments under the picks' own object, user and
// session, or in the one `filaments_uri` names in each run. Runs without any are left out
// (unknown). NotFoundError when a pick's filament is missing there, or the URI names none or
// several.
std::map<std::string, std::vector<bool>> polarity_by_run(std::span<const Picks> picks,
                                                         const std::string& filaments_uri);

}  // namespace copick::ops
