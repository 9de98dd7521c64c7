#include "model/entities/annotation_state.h"

#include "model/entities/states.h"

#include <copick/error.h>

namespace copick::model {

PicksDocument PicksCodec::make(const AnnotationName& name, const std::string& run) {
  return PicksDocument::make(name.object, name.user, name.session, run);
}
std::optional<Loaded<PicksDocument>> PicksCodec::load(const Place& place) {
  auto file = PicksDocument::read(*place.store, place.key, place.url());
  if (!file) return std::nullopt;
  return Loaded<PicksDocument>{std::move(file->document), std::move(file->version)};
}
Bytes PicksCodec::serialise(const PicksDocument& document, const std::string&) {
  return Bytes::copy_of(document.to_text());
}

MeshScene MeshCodec::make(const AnnotationName&, const std::string&) { return {}; }
std::optional<Loaded<MeshScene>> MeshCodec::load(const Place& place) {
  auto file = place.store->get_versioned(place.key);
  if (!file) return std::nullopt;
  return Loaded<MeshScene>{MeshScene::parse_glb(file->bytes, place.url()),
                           std::move(file->version)};
}
Bytes MeshCodec::serialise(const MeshScene& document, const std::string&) {
  return document.to_glb();
}

FilamentsDocument FilamentsCodec::make(const AnnotationName& name, const std::string& run) {
  return FilamentsDocument::make(name.object, name.user, name.session, run, std::nullopt);
}
std::optional<Loaded<FilamentsDocument>> FilamentsCodec::load(const Place& place) {
  auto file = place.store->get_versioned(place.key);
  if (!file) return std::nullopt;
  return Loaded<FilamentsDocument>{FilamentsDocument::parse(as_text(file->bytes), place.url()),
                                   std::move(file->version)};
}
Bytes FilamentsCodec::serialise(const FilamentsDocument& document, const std::string& where) {
  return Bytes::copy_of(document.to_text(where));
}

template <typename Codec>
std::shared_ptr<void> AnnotationState<Codec>::ancestors() const {
  return rooted(run_.get());
}

template <typename Codec>
std::string AnnotationState<Codec>::description() const {
  return std::string(row_of(Codec::kind).noun) + " '" + annotation_file(name_, "") + "' of run '" +
         run_->name() + "'";
}

template <typename Codec>
typename Codec::Document& AnnotationState<Codec>::loaded() const {
  if (!document_) {
    std::optional<Loaded<Document>> file = Codec::load(place_);
    if (!file) {
      throw NotFoundError({"read " + description(), place_.url(),
                           "the file is gone since it was listed",
                           "refresh the run and look again"});
    }
    document_ = std::move(file->document);
    version_ = std::move(file->version);
  }
  return *document_;
}

template <typename Codec>
void AnnotationState<Codec>::store() {
  const std::string doing = "store " + description();
  require_writable(place_, doing);
  const std::lock_guard lock(mutex_);
  if (!changed_) return;
  const Bytes bytes = Codec::serialise(*document_, place_.url());
  try {
    version_ = place_.store->put(place_.key, bytes, {.if_version = version_});
  } catch (const ConflictError&) {
    throw ConflictError({doing, place_.url(), "somebody else wrote the file since it was read",
                         "refresh(), make the change again and store()"});
  }
  changed_ = false;
}

template <typename Codec>
void AnnotationState<Codec>::create() {
  require_writable(place_, "create " + description());
  const std::lock_guard lock(mutex_);
  document_ = Codec::make(name_, run_->name());
  version_ = place_.store->put(place_.key, Codec::serialise(*document_, place_.url()),
                               {.if_absent = true});
  changed_ = false;
}

template <typename Codec>
void AnnotationState<Codec>::refresh() {
  const std::lock_guard lock(mutex_);
  document_.reset();
  version_.clear();
  changed_ = false;
}

template <typename Codec>
void AnnotationState<Codec>::remove() {
  require_writable(place_, "delete " + description());
  place_.store->erase(place_.key);
  refresh();
}

template class AnnotationState<PicksCodec>;
template class AnnotationState<MeshCodec>;
template class AnnotationState<FilamentsCodec>;

}  // namespace copick::model
