// Picks, meshes and filament sets of a run: one set of functions for the three kinds.
#include "model/entities/states.h"

#include <copick/error.h>

#include <tuple>

namespace copick {

namespace model {

namespace {

template <typename Codec>
auto& list_of(RunState& run);
template <>
auto& list_of<PicksCodec>(RunState& run) {
  return run.picks_list;
}
template <>
auto& list_of<MeshCodec>(RunState& run) {
  return run.mesh_list;
}
template <>
auto& list_of<FilamentsCodec>(RunState& run) {
  return run.filaments_list;
}

template <typename Codec>
std::vector<AnnotationPtr<Codec>> matching(RunState& run, const AnnotationFilter& filter) {
  std::vector<AnnotationPtr<Codec>> found;
  for (const auto& state : *run.annotations<Codec>()) {
    const AnnotationName& name = state->name();
    const bool wanted =
        filter.object(name.object) && filter.user(name.user) && filter.session(name.session) &&
        (!filter.from_user || *filter.from_user == made_by_user(name.user, name.session));
    if (wanted) found.push_back(state);
  }
  return found;
}

template <typename Codec>
AnnotationPtr<Codec> find(RunState& run, const AnnotationName& wanted) {
  const auto same = [&](const auto& state) {
    const AnnotationName& name = state.name();
    return std::tie(name.object, name.user, name.session) ==
           std::tie(wanted.object, wanted.user, wanted.session);
  };
  return find_preferred(*run.annotations<Codec>(), same);
}

template <typename Codec>
AnnotationPtr<Codec> create(const RunPtr& run, std::string_view object,
                            const NewAnnotation& options) {
  const std::string noun(row_of(Codec::kind).noun);
  const std::string doing = "create " + noun + " in run '" + run->name() + "'";
  const Maker maker = resolve_maker(run->root->config, options.user, options.session, doing);
  const AnnotationName name{maker.user, maker.session, sanitise(object, "object name")};
  run->root->require_object(name.object, doing);
  const Place run_place = run->writable_place(doing);
  AnnotationPtr<Codec> existing = find<Codec>(*run, name);
  if (existing && !options.exist_ok) {
    throw ConflictError({doing, existing->place().url(),
                         "'" + annotation_file(name, "") + "' exists already",
                         "choose another session id, or pass exist_ok to work with what is there"});
  }
  if (existing && !existing->place().read_only) return existing;
  const Place place =
      run->root->sources.writable(doing).annotation_place(Codec::kind, run_place, name);
  const auto made = std::make_shared<typename StateOf<Codec>::type>(run, name, place);
  made->create();
  run->folder_listing.forget();
  list_of<Codec>(*run).update([&](auto& list) { list.push_back(made); });
  return made;
}

template <typename Codec>
std::size_t remove(RunState& run, const AnnotationFilter& filter) {
  const auto states = matching<Codec>(run, filter);
  const std::string doing =
      "delete " + std::string(row_of(Codec::kind).noun) + " of run '" + run.name() + "'";
  for (const auto& state : states) require_writable(state->place(), doing);  // all or nothing
  for (const auto& state : states) state->remove();
  list_of<Codec>(run).forget();
  return states.size();
}

template <typename Handle, typename States>
std::vector<Handle> handles(const States& states) {
  std::vector<Handle> handles;
  for (const auto& state : states) handles.emplace_back(state);
  return handles;
}

template <typename Handle, typename Ptr>
std::optional<Handle> handle_if(const Ptr& state) {
  return state ? std::optional<Handle>(Handle(state)) : std::nullopt;
}

AnnotationName named(std::string_view object, std::string_view user, std::string_view session) {
  return {std::string(user), std::string(session), std::string(object)};
}

}  // namespace

template <typename Codec>
std::shared_ptr<const AnnotationList<Codec>> RunState::annotations() {
  return list_of<Codec>(*this).get([&] {
    AnnotationList<Codec> list;
    for (AnnotationEntry& entry : root->sources.annotations(Codec::kind, *folder())) {
      list.push_back(std::make_shared<typename StateOf<Codec>::type>(
          shared_from_this(), std::move(entry.name), std::move(entry.place)));
    }
    return list;
  });
}
template std::shared_ptr<const AnnotationList<PicksCodec>> RunState::annotations<PicksCodec>();
template std::shared_ptr<const AnnotationList<MeshCodec>> RunState::annotations<MeshCodec>();
template std::shared_ptr<const AnnotationList<FilamentsCodec>>
RunState::annotations<FilamentsCodec>();

}  // namespace model

using model::FilamentsCodec;
using model::MeshCodec;
using model::PicksCodec;

std::vector<Picks> Run::picks() const {
  return model::handles<Picks>(*state_->annotations<PicksCodec>());
}
std::vector<Picks> Run::get_picks(const AnnotationFilter& filter) const {
  return model::handles<Picks>(model::matching<PicksCodec>(*state_, filter));
}
std::optional<Picks> Run::get_picks(std::string_view object, std::string_view user,
                                    std::string_view session) const {
  return model::handle_if<Picks>(
      model::find<PicksCodec>(*state_, model::named(object, user, session)));
}
Picks Run::new_picks(std::string_view object, const NewAnnotation& options) {
  return Picks(model::create<PicksCodec>(state_, object, options));
}
std::size_t Run::remove_picks(const AnnotationFilter& filter) {
  return model::remove<PicksCodec>(*state_, filter);
}

std::vector<Mesh> Run::meshes() const {
  return model::handles<Mesh>(*state_->annotations<MeshCodec>());
}
std::vector<Mesh> Run::get_meshes(const AnnotationFilter& filter) const {
  return model::handles<Mesh>(model::matching<MeshCodec>(*state_, filter));
}
std::optional<Mesh> Run::get_mesh(std::string_view object, std::string_view user,
                                  std::string_view session) const {
  return model::handle_if<Mesh>(
      model::find<MeshCodec>(*state_, model::named(object, user, session)));
}
Mesh Run::new_mesh(std::string_view object, const NewAnnotation& options) {
  return Mesh(model::create<MeshCodec>(state_, object, options));
}
std::size_t Run::remove_meshes(const AnnotationFilter& filter) {
  return model::remove<MeshCodec>(*state_, filter);
}

std::vector<FilamentSet> Run::filaments() const {
  return model::handles<FilamentSet>(*state_->annotations<FilamentsCodec>());
}
std::vector<FilamentSet> Run::get_filaments(const AnnotationFilter& filter) const {
  return model::handles<FilamentSet>(model::matching<FilamentsCodec>(*state_, filter));
}
std::optional<FilamentSet> Run::get_filaments(std::string_view object, std::string_view user,
                                              std::string_view session) const {
  return model::handle_if<FilamentSet>(
      model::find<FilamentsCodec>(*state_, model::named(object, user, session)));
}
FilamentSet Run::new_filaments(std::string_view object, const NewAnnotation& options) {
  return FilamentSet(model::create<FilamentsCodec>(state_, object, options));
}
std::size_t Run::remove_filaments(const AnnotationFilter& filter) {
  return model::remove<FilamentsCodec>(*state_, filter);
}

}  // namespace copick
