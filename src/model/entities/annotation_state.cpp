#include "model/entities/annotation_state.h"

#include "model/entities/states.h"

#include <copick/error.h>

namespace copick::model {

PicksDocument PicksCodec::make(const AnnotationName& name, const std::string& run) {
  return PicksDocument::make(name.object, name.user, name.session, run);
}
PicksDocument PicksCodec::parse(ByteView bytes, const std::string& where) {
  return PicksDocument::parse(as_text(bytes), where);
}
Bytes PicksCodec::serialise(const PicksDocument& document, const std::string&) {
  return Bytes::copy_of(document.to_text());
}

MeshScene MeshCodec::make(const AnnotationName&, const std::string&) { return {}; }
MeshScene MeshCodec::parse(ByteView bytes, const std::string& where) {
  return MeshScene::parse_glb(bytes, where);
}
Bytes MeshCodec::serialise(const MeshScene& document, const std::string&) {
  return document.to_glb();
}

FilamentsDocument FilamentsCodec::make(const AnnotationName& name, const std::string& run) {
  return FilamentsDocument::make(name.object, name.user, name.session, run, std::nullopt);
}
FilamentsDocument FilamentsCodec::parse(ByteView bytes, const std::string& where) {
  return FilamentsDocument::parse(as_text(bytes), where);
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
    std::optional<Versioned> file = place_.store->get_versioned(place_.key);
    if (!file) {
      throw NotFoundError({"read " + description(), place_.url(),
                           "the file is gone since it was listed",
                           "refresh the run and look again"});
    }
    document_ = Codec::parse(file->bytes, place_.url());
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
