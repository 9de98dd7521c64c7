// The list of verbs. Each is described and run in the file of its name.
#pragma once

#include "frame/command.h"

#include <vector>

namespace copick::cli {

std::vector<Topic> all_topics();  // in the order of the help
std::vector<Command> all_commands();

Command add_object_command();
Command add_object_volume_command();
Command add_picks_command();
Command add_segmentation_command();
Command add_tomogram_command();
Command bench_command();
Command config_filesystem_command();
Command config_new_command();
Command config_show_command();
Command export_mesh_command();
Command export_picks_command();
Command export_segmentation_command();
Command export_tomogram_command();
Command ls_command();
Command migrate_command();
Command new_filaments_command();
Command new_mesh_command();
Command new_picks_command();
Command new_run_command();
Command new_segmentation_command();
Command new_voxel_spacing_command();
Command new_voxelspacing_command();
Command read_command();
Command render_command();
Command rm_command();
Command show_command();
Command sync_command();

}  // namespace copick::cli
