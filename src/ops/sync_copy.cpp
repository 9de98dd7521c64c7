// A file:
//   1. Read it, and what is in the target with its version. Equal bytes: done.
//   2. Put it on condition that the target is still what it was.
// A tree:
//   1. Compare both listings, and the bytes unless sizes are to do. Equal: done.
//   2. Write every value below a staging prefix whose name follows from the place the tree comes
//      from. Values that an interrupted sync left there are kept if their bytes are equal.
//   3. List the staged tree: it must be the source's, names and sizes. With `verify`, read it back.
//   4. List the source again: if it changed meanwhile, this is a failure. Publish.
// The staged tree of a failed sync stays, to be gone on with; a sweep removes it when it is old.
#include "ops/sync_copy.h"

#include "store/key.h"
#include "store/temporary_name.h"

#include <copick/error.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <map>

namespace copick::ops {

namespace {

constexpr std::uint64_t kPiece = 16 << 20;

bool equal(ByteView a, ByteView b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0);
}

std::optional<Bytes> read_piece(Store& store, const std::string& key, std::uint64_t at) {
  const Request request{key, ByteRange{.offset = at, .length = kPiece}};
  std::optional<Bytes> bytes;
  store.fetch({&request, 1},
              [&](std::size_t, std::optional<Bytes> part) { bytes = std::move(part); });
  return bytes;
}

[[noreturn]] void throw_changed_source(const std::string& where) {
  throw StorageError({"copy", where, "it changed while it was read", "sync again"});
}

// The same for each sync of one source to one target, so that the next can go on.
std::string stage_of(const SyncUnit& unit) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : unit.from->identity(unit.from_key)) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  }
  std::string name = store::staging_name(store::last_part(unit.to_key));
  for (std::size_t i = 0; i < 13; ++i) {  // the random part, drawn from the source instead
    name[name.size() - 1 - i] = "0123456789abcdefghijklmnopqrstuv"[hash & 31];
    hash >>= 5;
  }
  return store::join(store::parent(unit.to_key), name);
}

bool same_listing(const std::vector<Entry>& a, std::size_t skip_a, const std::vector<Entry>& b,
                  std::size_t skip_b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](const Entry& x, const Entry& y) {
    return x.size == y.size &&
           std::string_view(x.name).substr(skip_a) == std::string_view(y.name).substr(skip_b);
  });
}

}  // namespace

Bytes renamed_content(const SyncUnit& unit, Bytes content) {
  if (unit.renamed.empty()) return content;
  Json document = Json::parse(content.text(), unit.from->url(unit.from_key));
  for (const auto& [member, value] : unit.renamed) {
    if (document.find(member) != nullptr) document[member] = Json::string(value);
  }
  return Bytes::copy_of(document.dump(4));
}

SyncedEntity SyncCopier::copy(const SyncUnit& unit, const std::vector<Entry>& values) {
  SyncedEntity entity{unit.kind, unit.run, unit.from->url(unit.from_key), target_.url(unit.to_key)};
  entity.values = values.size();
  for (const Entry& value : values) entity.bytes += value.size;
  try {
    if (unit.tree) {
      copy_tree(unit, values, entity);
    } else {
      copy_file(unit, entity);
    }
  } catch (const ConflictError& error) {
    entity.outcome = SyncOutcome::conflict;
    entity.problem = error.what();
  } catch (const Error& error) {
    entity.outcome = SyncOutcome::failed;
    entity.problem = error.what();
  }
  return entity;
}

void SyncCopier::copy_file(const SyncUnit& unit, SyncedEntity& entity) {
  std::optional<Bytes> read = unit.from->get(unit.from_key);
  if (!read) throw_changed_source(entity.from);
  const Bytes content = renamed_content(unit, std::move(*read));
  const std::optional<Versioned> there = target_.get_versioned(unit.to_key);
  moved_(entity.bytes);
  if (there && equal(there->bytes, content)) {
    entity.outcome = SyncOutcome::unchanged;
    return;
  }
  if (there && !options_.exist_ok) {
    entity.outcome = SyncOutcome::conflict;
    entity.problem = "it is there with other content";
    return;
  }
  entity.outcome = there ? SyncOutcome::replaced : SyncOutcome::copied;
  if (options_.dry_run) return;
  PutOptions condition{.if_absent = !there};
  if (there && !there->version.empty()) condition.if_version = there->version;
  target_.put(unit.to_key, content, condition);
  if (!options_.verify) return;
  const std::optional<Bytes> back = target_.get(unit.to_key);
  if (!back || !equal(*back, content)) {
    throw StorageError({"copy", entity.to, "it reads back differently", "sync again"});
  }
}

bool SyncCopier::same_values(Store& from, const std::vector<std::string>& from_keys,
                             const std::vector<std::string>& to_keys) {
  std::atomic<bool> same = true;
  workers_.parallel_for(from_keys.size(), [&](std::size_t i) {
    for (std::uint64_t at = 0; same; at += kPiece) {
      const std::optional<Bytes> a = read_piece(from, from_keys[i], at);
      const std::optional<Bytes> b = read_piece(target_, to_keys[i], at);
      if (!a || !b || !equal(*a, *b)) same = false;
      if (!a || a->size() < kPiece) return;
    }
  });
  return same;
}

bool SyncCopier::same_tree(const SyncUnit& unit, const std::vector<Entry>& values,
                           const std::vector<Entry>& there) {
  if (!same_listing(values, unit.from_key.size(), there, unit.to_key.size())) return false;
  if (options_.size_only) return true;
  std::vector<std::string> from_keys, to_keys;
  for (const Entry& value : values) from_keys.push_back(value.name);
  for (const Entry& value : there) to_keys.push_back(value.name);
  return same_values(*unit.from, from_keys, to_keys);
}

bool SyncCopier::is_begun(const SyncUnit& unit, const std::vector<Entry>& values,
                          const std::vector<Entry>& there) {
  if (target_.can_publish_atomically() || target_.list(stage_of(unit)).empty()) return false;
  std::map<std::string_view, std::uint64_t> sizes;  // by the name below the tree
  for (const Entry& value : values) {
    sizes[std::string_view(value.name).substr(unit.from_key.size())] = value.size;
  }
  std::vector<std::string> from_keys, to_keys;
  for (const Entry& entry : there) {
    const std::string below = entry.name.substr(unit.to_key.size());
    const auto found = sizes.find(below);
    if (found == sizes.end() || found->second != entry.size) return false;
    from_keys.push_back(unit.from_key + below);
    to_keys.push_back(entry.name);
  }
  return options_.size_only || same_values(*unit.from, from_keys, to_keys);
}

void SyncCopier::copy_value(const SyncUnit& unit, const Entry& value, const std::string& to) {
  const PutOptions quick{.durability = Durability::begun};
  if (value.size <= kPiece) {
    const std::optional<Bytes> bytes = unit.from->get(value.name);
    if (!bytes) throw_changed_source(unit.from->url(value.name));
    target_.put(to, *bytes, quick);
    return;
  }
  const auto writer = target_.begin_put(to, quick);
  const std::optional<Stat> before = unit.from->stat(value.name);
  for (std::uint64_t at = 0; at < value.size; at += kPiece) {
    const std::optional<Bytes> piece = read_piece(*unit.from, value.name, at);
    if (!piece) throw_changed_source(unit.from->url(value.name));
    writer->append(*piece);
  }
  const std::optional<Stat> after = unit.from->stat(value.name);
  if (!before || !after || before->version != after->version || before->size != after->size) {
    throw_changed_source(unit.from->url(value.name));
  }
  writer->commit();
}

// The value is in the staged tree already, with the source's bytes.
bool SyncCopier::have_value(const SyncUnit& unit, const Entry& value, const std::string& to,
                            const std::map<std::string, std::uint64_t>& left) {
  const auto found = left.find(to);
  if (found == left.end() || found->second != value.size) return false;
  return options_.size_only || same_values(*unit.from, {value.name}, {to});
}

// Step 2; how many values were there already.
std::uint64_t SyncCopier::fill(const SyncUnit& unit, const std::vector<Entry>& values,
                               const std::string& staged) {
  std::map<std::string, std::uint64_t> left;  // sizes by staged key
  for (const Entry& entry : target_.list_recursive(staged)) left[entry.name] = entry.size;
  std::atomic<std::uint64_t> resumed = 0;
  const auto staged_key = [&](const Entry& value) {
    return staged + value.name.substr(unit.from_key.size());
  };
  workers_.parallel_for(values.size(), [&](std::size_t i) {
    const std::string to = staged_key(values[i]);
    if (have_value(unit, values[i], to, left)) {
      ++resumed;
    } else {
      copy_value(unit, values[i], to);
    }
    moved_(values[i].size);
  });
  for (const Entry& value : values) left.erase(staged_key(value));
  for (const auto& [key, size] : left) target_.erase(key);  // what the source has no more
  return resumed;
}

void SyncCopier::copy_tree(const SyncUnit& unit, const std::vector<Entry>& values,
                           SyncedEntity& entity) {
  if (values.empty()) {
    entity.outcome = SyncOutcome::unchanged;  // a volume that was never written
    return;
  }
  const std::vector<Entry> there = target_.list_recursive(unit.to_key);
  if (!there.empty() && same_tree(unit, values, there)) {
    entity.outcome = SyncOutcome::unchanged;
    return moved_(entity.bytes);
  }
  const bool begun = !there.empty() && is_begun(unit, values, there);
  if (!there.empty() && !begun && !options_.exist_ok) {
    entity.outcome = SyncOutcome::conflict;
    entity.problem = "it is there with other content";
    return moved_(entity.bytes);
  }
  entity.outcome = there.empty() || begun ? SyncOutcome::copied : SyncOutcome::replaced;
  if (options_.dry_run) return moved_(entity.bytes);
  const std::string staged = stage_of(unit);
  entity.resumed = fill(unit, values, staged);
  const std::vector<Entry> written = target_.list_recursive(staged);
  if (!same_listing(values, unit.from_key.size(), written, staged.size())) {
    throw StorageError({"copy", entity.to,
                        "the copy does not have the names and sizes of the source",
                        "see who else writes there, then sync again"});
  }
  if (options_.verify) {
    std::vector<std::string> from_keys, to_keys;
    for (const Entry& value : values) from_keys.push_back(value.name);
    for (const Entry& value : written) to_keys.push_back(value.name);
    if (!same_values(*unit.from, from_keys, to_keys)) {
      throw StorageError({"copy", entity.to, "it reads back differently", "sync again"});
    }
  }
  const std::vector<Entry> now = unit.from->list_recursive(unit.from_key);
  if (!same_listing(values, 0, now, 0)) throw_changed_source(entity.from);
  target_.publish_prefix(staged, unit.to_key, Durability::full);
}

}  // namespace copick::ops
