// Zarr stores as they are, or one level of them, into a folder on the local disk. Both are made
// beside the target under a staging name and appear in one step.
#include "base/executor.h"
#include "base/logging.h"
#include "ome/multiscale.h"
#include "ops/level_slabs.h"
#include "ops/text_file.h"

#include <copick/error.h>
#include <copick/ops.h>

#include <filesystem>
#include <functional>

namespace copick {

namespace {

// Calls fill(store, prefix) with a staging prefix and publishes what it wrote as the folder `path`.
void publish_folder(const std::string& path, bool overwrite, const std::string& doing,
                    const std::function<void(const StorePtr&, const std::string&)>& fill) {
  namespace fs = std::filesystem;
  std::error_code error;
  fs::path target = fs::absolute(path, error).lexically_normal();
  if (!target.has_filename()) target = target.parent_path();  // "out.zarr/"
  if (!overwrite && fs::exists(target, error)) {
    throw ConflictError({doing, path, "it exists already", "choose another path, or --overwrite"});
  }
  ops::make_folder_of(target.string(), doing);
  const StorePtr store = open_store(target.parent_path().string());
  const std::string name = target.filename().string();
  const std::string staged = store->staging_prefix(name);
  try {
    fill(store, staged);
    store->publish_prefix(staged, name, Durability::full);
  } catch (...) {
    try {
      store->erase_prefix(staged);
    } catch (const Error& left) {
      base::warn(std::string("left unfinished data behind: ") + left.what());
    }
    throw;
  }
}

}  // namespace

void export_zarr(const Root& root, const Volume& volume, const std::string& path, bool overwrite) {
  const std::string doing = "export to Zarr";
  StorePtr from = volume.origin() == Origin::overlay ? root.overlay_store() : root.static_store();
  if (!from) from = root.overlay_store();
  const std::vector<Entry> keys = from->list_recursive(volume.path());
  if (!volume.has_data() || keys.empty()) {
    throw NotFoundError(
        {doing, volume.url(), "nothing has been written to it yet", "write the volume first"});
  }
  publish_folder(path, overwrite, doing, [&](const StorePtr& store, const std::string& staged) {
    base::parallel_for(keys.size(), [&](std::size_t i) {
      const std::string& key = keys[i].name;
      const std::optional<Bytes> value = from->get(key);
      if (!value)
        throw StorageError(
            {doing, from->url(key), "it disappeared while it was copied", "try again"});
      store->put(staged + key.substr(volume.path().size()), *value,
                 {.durability = Durability::none});
    });
  });
}

void export_zarr_level(const Volume& volume, const std::string& path, const ExportVolume& options,
                       bool overwrite) {
  const std::string doing = "export to Zarr";
  const std::unique_ptr<SlabSource> source = ops::open_level_slabs(volume, options, doing, true);
  const VolumeInfo info = volume.info();
  const LevelInfo& level = info.levels[static_cast<std::size_t>(options.level)];
  ome::ImageLayout layout;
  layout.zarr_format = info.zarr_format == 3 ? 3 : 2;
  layout.dtype = level.dtype;
  layout.shape = source->shape();
  layout.chunks = level.chunks;
  if (layout.chunks.size() > layout.shape.size()) layout.chunks.erase(layout.chunks.begin());
  layout.voxel_size = *source->voxel_size();
  layout.downsampling = Downsampling::nearest;  // one level: nothing is made coarser
  if (layout.shape.size() == 4) layout.channel = ome::ImageLayout::Channel::feature;
  publish_folder(path, overwrite, doing, [&](const StorePtr& store, const std::string& staged) {
    ome::write_image(store, staged, *source, layout, Durability::none, {});
  });
}

}  // namespace copick
