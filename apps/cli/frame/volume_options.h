// Options of the verbs that import volumes, as the library understands them.
#pragma once

#include "frame/context.h"

#include <copick/ops.h>

#include <string>
#include <vector>

namespace copick::cli {

// --file-type, --voxel-size, --transpose, --flip.
std::vector<OptionSpec> volume_input_options();
VolumeInput volume_input(const Context& context);

// "256,256,256" as three positive lengths; UsageError otherwise.
Shape lengths_of(const std::string& option, const std::string& text);
// --zarr-format, --shards and --fsync.
void take_storage(const Context& context, WriteOptions& write);

}  // namespace copick::cli
