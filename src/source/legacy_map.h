// Density maps of the first layout: ParticleMrcs/<id>_<name>.mrc, read as they are.
#pragma once

#include <copick/slab_source.h>
#include <copick/store.h>

#include <memory>
#include <string>

namespace copick::source {

// Reads the whole file (maps are small) and checks its header. CorruptError, NotFoundError name the
// file.
std::unique_ptr<SlabSource> open_legacy_map(const StorePtr& store, const std::string& key);

}  // namespace copick::source
