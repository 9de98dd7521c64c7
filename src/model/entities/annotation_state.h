// AnnotationState: a picks, mesh or filaments file: where it is, what was loaded of it, and how it
// is stored again.
//
// How store() keeps two writers apart:
//   1. load() remembers the version the file was read at.
//   2. A change is made to the loaded document, so everything nobody touched stays as it was in the
//      file.
//   3. store() puts the document on the condition that the version is still the same; a file that
//      appeared or changed in between is a ConflictError and stays as it is.
// Threads: every member locks the state's mutex.
#pragma once

#include "model/filaments_document.h"
#include "model/parent.h"
#include "model/picks_document.h"
#include "model/source.h"

#include <copick/mesh_scene.h>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace copick::model {

class RunState;

// What a file held, and at which version.
template <typename Document>
struct Loaded {
  Document document;
  std::string version;
};

// What differs between the three kinds of annotation files. load: nullopt when there is no file.
struct PicksCodec {
  using Document = PicksDocument;
  static constexpr AnnotationKind kind = AnnotationKind::picks;
  static Document make(const AnnotationName& name, const std::string& run);
  static std::optional<Loaded<Document>> load(const Place& place);
  static Bytes serialise(const Document& document, const std::string& where);
};
struct MeshCodec {
  using Document = MeshScene;
  static constexpr AnnotationKind kind = AnnotationKind::mesh;
  static Document make(const AnnotationName& name, const std::string& run);
  static std::optional<Loaded<Document>> load(const Place& place);
  static Bytes serialise(const Document& document, const std::string& where);
};
struct FilamentsCodec {
  using Document = FilamentsDocument;
  static constexpr AnnotationKind kind = AnnotationKind::filaments;
  static Document make(const AnnotationName& name, const std::string& run);
  static std::optional<Loaded<Document>> load(const Place& place);
  static Bytes serialise(const Document& document, const std::string& where);
};

template <typename Codec>
class AnnotationState {
 public:
  using Document = typename Codec::Document;

  AnnotationState(const std::shared_ptr<RunState>& run, AnnotationName name, Place place)
      : run_(run), name_(std::move(name)), place_(std::move(place)) {}

  std::shared_ptr<RunState> run() const { return run_.get(); }
  std::shared_ptr<void> ancestors() const;
  const AnnotationName& name() const { return name_; }
  const Place& place() const { return place_; }
  std::string description() const;  // "picks 'alice_1_ribosome' of run 'TS_001'"

  // Reads through `look` the document, loading it on first use.
  template <typename Look>
  auto inspect(const Look& look) const {
    const std::lock_guard lock(mutex_);
    return look(static_cast<const Document&>(loaded()));
  }
  template <typename Edit>
  void change(const Edit& edit) {
    const std::lock_guard lock(mutex_);
    edit(loaded());
    changed_ = true;
  }
  void store();
  // Writes a new, empty document; ConflictError when the file is there already.
  void create();
  void refresh();
  void remove();

 private:
  Document& loaded() const;  // needs the lock

  Parent<RunState> run_;
  AnnotationName name_;
  Place place_;
  mutable std::mutex mutex_;
  mutable std::optional<Document> document_;
  mutable std::string version_;
  bool changed_ = false;
};

class PicksState : public AnnotationState<PicksCodec> {
  using AnnotationState::AnnotationState;
};
class MeshState : public AnnotationState<MeshCodec> {
  using AnnotationState::AnnotationState;
};
class FilamentsState : public AnnotationState<FilamentsCodec> {
  using AnnotationState::AnnotationState;
};

template <typename Codec>
struct StateOf;
template <>
struct StateOf<PicksCodec> {
  using type = PicksState;
};
template <>
struct StateOf<MeshCodec> {
  using type = MeshState;
};
template <>
struct StateOf<FilamentsCodec> {
  using type = FilamentsState;
};
template <typename Codec>
using AnnotationPtr = std::shared_ptr<typename StateOf<Codec>::type>;
template <typename Codec>
using AnnotationList = std::vector<AnnotationPtr<Codec>>;

}  // namespace copick::model
