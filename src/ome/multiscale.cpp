#include "ome/multiscale.h"

#include "ome/image_metadata.h"
#include "store/key.h"

#include <copick/error.h>

#include <utility>

namespace copick::ome {

namespace {

// The path of nearly every first level.
constexpr const char* kFirstLevel = "0";

}  // namespace

struct Multiscale::State {
  StorePtr store;
  std::string prefix;
  int zarr_format = 2;
  Json attributes = Json::object();
  ImageMetadata image;
  mutable std::mutex mutex;
  mutable std::map<std::size_t, zarr::Array> arrays;  // opened so far; guarded by mutex
  // What stood at kFirstLevel when the image was opened, as far as it was asked for and not used
  // yet; guarded by mutex.
  mutable std::optional<zarr::NodeValues> first_level;

  std::string url() const { return store->url(prefix); }
  // The file that holds the multiscales, for errors.
  std::string document_url() const {
    return store->url(store::join(prefix, zarr_format == 3 ? "zarr.json" : ".zattrs"));
  }

  std::optional<zarr::Array> open_array(const std::string& path) const {
    const std::string place = store::join(prefix, path);
    if (path == kFirstLevel && first_level) {
      const zarr::NodeValues values = *std::exchange(first_level, std::nullopt);
      const zarr::Node node = zarr::node_of(*store, place, values);
      if (zarr::is_array(node)) return zarr::Array::from_node(store, place, node);
      // Asked again: it may have been written since, before the metadata that name it.
    }
    return zarr::Array::try_open(store, place);
  }

  // Adds the one level of an image that is a mere array.
  void set_only_level(const std::string& path, zarr::Array array) {
    image.axes = axes_of_array(array.metadata());
    image.levels = {{path, {}}};
    arrays.emplace(0, std::move(array));
  }

  // Without multiscales: the array "0", else the first array of the group.
  bool find_array_in_group() {
    if (auto array = open_array(kFirstLevel)) {
      set_only_level(kFirstLevel, std::move(*array));
      return true;
    }
    for (const Entry& entry : store->list(prefix)) {
      if (!entry.is_prefix || entry.name == kFirstLevel) continue;
      if (auto array = open_array(entry.name)) {
        set_only_level(entry.name, std::move(*array));
        return true;
      }
    }
    return false;
  }
};

std::optional<Multiscale> Multiscale::open(StorePtr store, std::string prefix) {
  std::vector<std::string> asked{prefix};
  if (!store->stat_is_cheap()) asked.push_back(store::join(prefix, kFirstLevel));
  std::vector<zarr::NodeValues> values = zarr::fetch_nodes(*store, asked);
  zarr::Node node = zarr::node_of(*store, prefix, values.front());
  if (node.kind == zarr::NodeKind::absent) return std::nullopt;
  auto state = std::make_shared<State>();
  if (values.size() > 1) state->first_level = std::move(values.back());
  state->store = std::move(store);
  state->prefix = std::move(prefix);
  const bool is_v2 = node.kind == zarr::NodeKind::group_v2 || node.kind == zarr::NodeKind::array_v2;
  state->zarr_format = is_v2 ? 2 : 3;
  if (zarr::is_array(node)) {
    state->set_only_level("", zarr::Array::from_node(state->store, state->prefix, node));
    state->attributes = std::move(node.attributes);
    return Multiscale(std::move(state));
  }
  state->attributes = std::move(node.attributes);
  if (auto image = read_multiscales(state->attributes, state->document_url()))
    state->image = std::move(*image);
  else if (!state->find_array_in_group())
    return std::nullopt;
  if (state->image.axes.empty())
    state->image.axes = axes_of_array(Multiscale(state).level(0).metadata());
  return Multiscale(std::move(state));
}

int Multiscale::zarr_format() const { return state_->zarr_format; }
std::string Multiscale::ome_version() const { return state_->image.version; }
const std::vector<Axis>& Multiscale::axes() const { return state_->image.axes; }
std::size_t Multiscale::level_count() const { return state_->image.levels.size(); }
const Json& Multiscale::attributes() const { return state_->attributes; }

const std::string& Multiscale::level_path(std::size_t level) const {
  return state_->image.levels.at(level).path;
}

const std::vector<double>& Multiscale::level_scale(std::size_t level) const {
  return state_->image.levels.at(level).scale;
}

const zarr::Array& Multiscale::level(std::size_t level) const {
  if (level >= level_count()) {
    throw NotFoundError({"open a level of an image", state_->url(),
                         "there is no level " + std::to_string(level),
                         "levels there are: 0 to " + std::to_string(level_count() - 1)});
  }
  const std::lock_guard lock(state_->mutex);
  const auto known = state_->arrays.find(level);
  if (known != state_->arrays.end()) return known->second;
  const std::string prefix = store::join(state_->prefix, level_path(level));
  std::optional<zarr::Array> array = state_->open_array(level_path(level));
  if (!array) {
    throw CorruptError(
        {"open a level of an image", state_->store->url(prefix),
         "the metadata list level " + std::to_string(level) + ", but its array is missing",
         "the copy was probably interrupted: restore the image"});
  }
  const std::size_t rank = array->metadata().shape.size();
  if (!axes().empty() && rank != axes().size()) {
    throw CorruptError({"open a level of an image", state_->store->url(prefix),
                        "the array has " + std::to_string(rank) + " axes, the metadata name " +
                            std::to_string(axes().size()),
                        "correct the axes in the multiscales of the image"});
  }
  return state_->arrays.emplace(level, std::move(*array)).first->second;
}

std::optional<std::size_t> Multiscale::find_level(std::string_view path) const {
  for (std::size_t level = 0; level < level_count(); ++level)
    if (level_path(level) == path) return level;
  return std::nullopt;
}

std::optional<double> Multiscale::voxel_size() const {
  const std::vector<double>& scale = level_scale(0);
  if (scale.empty()) return std::nullopt;
  return scale[scale.size() >= 3 ? scale.size() - 3 : 0];
}

}  // namespace copick::ome
