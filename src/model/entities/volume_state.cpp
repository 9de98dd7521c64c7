#include "model/entities/volume_state.h"

#include "base/number_text.h"
#include "model/entities/states.h"

#include <copick/error.h>

namespace copick::model {

VolumeState::VolumeState(VolumeKind kind, VolumeIdentity identity, Place place,
                         std::shared_ptr<RootState> root, std::shared_ptr<RunState> run)
    : kind_(kind),
      identity_(std::move(identity)),
      place_(std::move(place)),
      root_(root),
      run_(run) {}

std::shared_ptr<void> VolumeState::ancestors() const {
  if (run_) return rooted(run_.get());
  return root_.get();
}

std::string VolumeState::description() const {
  std::string text(row().noun);
  text += " '" + identity_.name;
  if (!identity_.feature_type.empty()) text += "_" + identity_.feature_type;
  if (!identity_.user.empty()) text += ":" + identity_.user + "/" + identity_.session;
  text += "'";
  if (run_) text += " of run '" + run_->name() + "'";
  if (run_ && identity_.voxel_size > 0)
    text += " at " + base::fixed(identity_.voxel_size, 3) + " A";
  return text;
}

std::shared_ptr<const ome::Multiscale> VolumeState::image() const {
  const std::lock_guard lock(mutex_);
  if (!image_ && place_.store) {
    if (auto opened = ome::Multiscale::open(place_.store, place_.key))
      image_ = std::make_shared<const ome::Multiscale>(std::move(*opened));
  }
  return image_;
}

std::shared_ptr<const ome::Multiscale> VolumeState::require_image(const std::string& verb) const {
  if (auto found = image()) return found;
  throw NotFoundError({verb + " " + description(), place_.store ? place_.url() : "",
                       "nothing has been written to it yet",
                       "write the volume first, or refresh if another program just did"});
}

void VolumeState::forget_image() const {
  const std::lock_guard lock(mutex_);
  image_ = nullptr;
}

}  // namespace copick::model
