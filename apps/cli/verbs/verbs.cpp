#include "verbs/verbs.h"

namespace copick::cli {

std::vector<Topic> all_topics() {
  return {
      {"Data Management", "add", "Add entities to copick projects."},
      {"Data Management", "export", "Export copick data to external formats."},
      {"Data Management", "migrate", "Change how volumes are stored."},
      {"Data Management", "new", "Create copick entities."},
      {"Data Management", "rm", "Remove copick objects by URI."},
      {"Data Management", "sync", "Copy what one project holds into another."},
      {"Looking", "ls", "List what a project holds."},
      {"Looking", "read", "Read voxels, points or triangles."},
      {"Looking", "render", "Draw a volume, its labels and picks as a picture."},
      {"Looking", "show", "Show everything known about one entity."},
      {"Utilities", "bench", "Measure this machine, and what is reached of it."},
      {"Utilities", "config", "Create and show copick configuration files."},
  };
}

std::vector<Command> all_commands() {
  return {
      add_object_command(),
      add_object_volume_command(),
      add_picks_command(),
      add_segmentation_command(),
      add_tomogram_command(),
      bench_command(),
      config_filesystem_command(),
      config_new_command(),
      config_show_command(),
      export_mesh_command(),
      export_picks_command(),
      export_segmentation_command(),
      export_tomogram_command(),
      ls_command(),
      migrate_command(),
      new_filaments_command(),
      new_mesh_command(),
      new_picks_command(),
      new_run_command(),
      new_segmentation_command(),
      new_voxel_spacing_command(),
      new_voxelspacing_command(),
      read_command(),
      render_command(),
      rm_command(),
      show_command(),
      sync_command(),
  };
}

}  // namespace copick::cli
