#include "model/entities/states.h"

#include "base/number_text.h"

#include <copick/error.h>

#include <algorithm>
#include <cmath>
#include <tuple>

namespace copick {

namespace model {

namespace {

VolumePtr make_segmentation(const RunPtr& run, const SegmentationName& name, Place place) {
  return std::make_shared<VolumeState>(volume_kind_of(name.kind),
                                       VolumeIdentity{.name = name.name,
                                                      .user = name.user,
                                                      .session = name.session,
                                                      .voxel_size = name.voxel_size,
                                                      .segmentation_kind = name.kind},
                                       std::move(place), run->root, run);
}

bool accepts(const SegmentationFilter& filter, const VolumeState& state) {
  const VolumeIdentity& id = state.identity();
  const bool kind_wanted =
      filter.kinds.empty() || std::find(filter.kinds.begin(), filter.kinds.end(),
                                        id.segmentation_kind) != filter.kinds.end();
  const bool size_wanted =
      !filter.voxel_size || round_spacing(*filter.voxel_size) == round_spacing(id.voxel_size);
  return kind_wanted && size_wanted && filter.name(id.name) && filter.user(id.user) &&
         filter.session(id.session) &&
         (!filter.from_user || *filter.from_user == made_by_user(id.user, id.session));
}

std::vector<VolumePtr> matching(RunState& run, const SegmentationFilter& filter) {
  std::vector<VolumePtr> found;
  for (const VolumePtr& state : *run.segmentations())
    if (accepts(filter, *state)) found.push_back(state);
  return found;
}

SegmentationName checked_name(RunState& run, std::string_view name, const NewSegmentation& options,
                              const std::string& doing) {
  if (!std::isfinite(options.voxel_size) || round_spacing(options.voxel_size) <= 0) {
    throw ValidationError({doing, "",
                           "a voxel size is a positive number of angstrom, found " +
                               base::python_float(options.voxel_size),
                           "give the edge of a voxel"});
  }
  const Maker maker = resolve_maker(run.root->config, options.user, options.session, doing);
  SegmentationName made{round_spacing(options.voxel_size),   maker.user,   maker.session,
                        sanitise(name, "segmentation name"), options.kind, false};
  if (row_of(volume_kind_of(options.kind)).named_for_object)
    run.root->require_object(made.name, doing);
  return made;
}

}  // namespace

std::shared_ptr<const std::vector<VolumePtr>> RunState::segmentations() {
  return segmentation_list.get([&] {
    std::vector<VolumePtr> list;
    for (SegmentationEntry& entry : root->sources.segmentations(*folder()))
      list.push_back(make_segmentation(shared_from_this(), entry.name, std::move(entry.place)));
    return list;
  });
}

}  // namespace model

std::string Segmentation::name() const { return state_->identity().name; }
std::string Segmentation::user_id() const { return state_->identity().user; }
std::string Segmentation::session_id() const { return state_->identity().session; }
SegmentationKind Segmentation::kind() const { return state_->identity().segmentation_kind; }
bool Segmentation::from_user() const { return model::made_by_user(user_id(), session_id()); }

std::optional<Color> Segmentation::color() const {
  constexpr Color grey{128, 128, 128, 0};
  if (!state_->row().named_for_object) return grey;
  return model::color_of(state_->root()->config, name());
}

std::vector<Segmentation> Run::segmentations() const { return get_segmentations({.kinds = {}}); }

std::vector<Segmentation> Run::get_segmentations(const SegmentationFilter& filter) const {
  std::vector<Segmentation> segmentations;
  for (const model::VolumePtr& state : model::matching(*state_, filter))
    segmentations.emplace_back(state);
  return segmentations;
}

Segmentation Run::new_segmentation(std::string_view name, const NewSegmentation& options) {
  const std::string doing =
      "create segmentation '" + std::string(name) + "' in run '" + this->name() + "'";
  const model::SegmentationName wanted = model::checked_name(*state_, name, options, doing);
  const auto existing =
      model::find_preferred(*state_->segmentations(), [&](const model::VolumeState& state) {
        const model::VolumeIdentity& id = state.identity();
        return std::tie(id.name, id.user, id.session, id.segmentation_kind) ==
                   std::tie(wanted.name, wanted.user, wanted.session, wanted.kind) &&
               model::round_spacing(id.voxel_size) == wanted.voxel_size;
      });
  const model::Place run_place = state_->writable_place(doing);
  if (existing && !options.exist_ok) {
    throw ConflictError({doing, existing->place().url(), "the segmentation exists already",
                         "choose another session id, or pass exist_ok to work with what is there"});
  }
  if (existing && !existing->place().read_only) return Segmentation(existing);
  const model::Source& overlay = state_->root->sources.writable(doing);
  const auto made =
      model::make_segmentation(state_, wanted, overlay.segmentation_place(run_place, wanted));
  state_->segmentation_list.update([&](auto& list) { list.push_back(made); });
  return Segmentation(made);
}

std::size_t Run::remove_segmentations(const SegmentationFilter& filter) {
  const std::vector<model::VolumePtr> states = model::matching(*state_, filter);
  for (const model::VolumePtr& state : states)
    model::require_writable(state->place(), "delete " + state->description());  // all or nothing
  for (const model::VolumePtr& state : states) Volume(state).remove();
  state_->segmentation_list.forget();
  return states.size();
}

}  // namespace copick
