// What `copick read` writes: voxels as they come, text of annotations.
#pragma once

#include "frame/reference.h"

#include <string>

namespace copick::cli {

// A region as .npy or raw, in rows of chunks: each chunk is decoded once, and no more than a row is
// in memory. To a file atomically; "-" is standard output, refused when that is a terminal.
void write_voxels(Context& context, const Volume& volume, const Region& region,
                  const std::string& output);

// Picks as CSV, filaments as CSV, a mesh as OBJ; JSON with --json.
std::string content_text(const Context& context, const Root& root, const Found& entity);
void write_text(Context& context, const std::string& text, const std::string& output);

}  // namespace copick::cli
