// A folder tree in a Store as a Source: the layout every copick package writes, and the first
// layout ever published. Note: docs/format/layout.md.
#pragma once

#include "model/source.h"

#include <memory>

namespace copick::source {

// `read_only`: the static half of a project; places it names refuse writes.
std::shared_ptr<model::Source> filesystem_source(StorePtr store, bool read_only);

}  // namespace copick::source
