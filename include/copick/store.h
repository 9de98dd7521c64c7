// Store: named bytes, somewhere.
//
// A Store holds values (byte strings) under keys ("TS_001/Picks/alice_1_ribosome.json"). It may be
// a folder, an S3 bucket, a zip or memory; callers cannot tell and must not care. There is no open
// file and no cursor: each call is complete in itself, so every call can be retried, counted,
// cached or run in parallel with any other.
//
//   auto store = copick::open_store("/data/project");
//   std::optional<Bytes> head = store->get("zarr.json");    // nullopt: certainly not there
//   store->put("zarr.json", as_bytes(text), {.if_absent = true});  // ConflictError: it was there
//
// Keys are relative, '/'-separated, never empty where a value is named, without empty, "." or ".."
// parts, without control characters, backslashes and percent-encoded separators; anything else is a
// ValidationError before the storage is touched. A prefix is a key without trailing '/', or "" for
// the whole store; prefixes end at a separator: "TS_1" does not cover "TS_10/...".
//
// Atomicity: a reader sees the old value or the new one, never a mixture, even if the writer is
//            killed.
// Threads:   every member may be called from any number of threads at once.
// Absence:   only a definite "no such key" is nullopt. Denied, timed out and truncated are errors.
// Not here:  retries, caching, limits, counting. They are Stores that wrap a Store
//            (src/store/wrappers).
// Errors:    ValidationError (bad key), PermissionError, ConflictError (conditions), StorageError
//            (everything else).
#pragma once

#include <copick/bytes.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace copick {

// A part of a value. `length` = to_end reads to the end; with `from_end`, the last `length` bytes.
struct ByteRange {
  static constexpr std::uint64_t to_end = ~std::uint64_t{0};
  std::uint64_t offset = 0;
  std::uint64_t length = to_end;
  bool from_end = false;
};

struct Request {
  std::string key{};
  std::optional<ByteRange> range{};  // nullopt: the whole value
};

// What is known about a value without reading it. `version` is opaque; equal versions mean equal
// bytes. It may be empty where a store cannot tell.
struct Stat {
  std::uint64_t size = 0;
  std::string version;
};

struct Versioned {
  Bytes bytes;
  std::string version;
};

// One name directly below a prefix, or (recursive) one key below it. Names carry no trailing '/'.
struct Entry {
  std::string name;
  bool is_prefix = false;
  // Values only. list_recursive() always knows it; list() leaves 0 where asking would cost a call
  // per name (a folder of 2,000 files is listed without 2,000 stats): use stat() there.
  std::uint64_t size = 0;
};

// What an unfinished write left behind, or is still writing: a hidden value or prefix.
struct Leftover {
  std::string key;
  bool is_prefix = false;
  std::chrono::seconds age{0};  // since anything was last written into it
};

enum class Durability {
  none,  // atomic for readers; a power cut may lose it
  // As none, but the bytes are on their way to the medium when the call returns, where the system
  // can: for the parts of a tree that is published with `full`, which then waits for little.
  begun,
  full,  // survives a power cut: data, name and new folders are flushed before the call returns
};

struct PutOptions {
  bool if_absent = false;  // ConflictError when the key exists
  // ConflictError when the present version differs (or the key is gone). Conditions hold against
  // other conditional puts, of any process; a put without one always wins. Not with if_absent.
  std::optional<std::string> if_version{};
  Durability durability = Durability::full;
};

// A value that is put in pieces: for one that is larger than memory. Nobody sees anything of it
// before commit(), and without one there never was anything.
//
//   const auto shard = store->begin_put("c/0/0/0");
//   shard->append(first);
//   shard->append(second);
//   shard->commit();
//
// Threads: one at a time. Several may be under way, of one key too: the last to commit wins.
class ValueWriter {
 public:
  virtual ~ValueWriter() = default;
  virtual void append(ByteView bytes) = 0;
  // As Store::put answers and fails. Once, and nothing after it.
  virtual std::string commit() = 0;
};

class Store {
 public:
  virtual ~Store() = default;

  // Whole value. nullopt only when the key definitely does not exist (a prefix of that name is also
  // "no value").
  virtual std::optional<Bytes> get(std::string_view key) = 0;
  // Whole value with its version, read together.
  virtual std::optional<Versioned> get_versioned(std::string_view key) = 0;
  // Many parts of many values in one call. `on_part(i, bytes)` is called exactly once per request,
  // in any order, from any thread and possibly from several at once; nullopt = no such key. A range
  // that reaches past the value's end gives the bytes that exist (possibly none). All parts of one
  // value are of the same version of it. Parts are handed over as they come, not gathered. An
  // exception from on_part stops the rest and is rethrown here.
  using OnPart = std::function<void(std::size_t index, std::optional<Bytes> part)>;
  virtual void fetch(std::span<const Request> requests, const OnPart& on_part) = 0;
  virtual std::optional<Stat> stat(std::string_view key) = 0;
  // Whether asking first, and reading in many small parts, costs next to nothing: a local disk. Not
  // where each is a request to another machine.
  virtual bool stat_is_cheap() const { return false; }

  // Writes a whole value; returns its new version. Missing folders are made.
  virtual std::string put(std::string_view key, ByteView value, const PutOptions& options = {}) = 0;
  // The same in pieces; the store must outlive what is returned. Conditions are decided by
  // commit(). A store that cannot write in pieces gathers them in memory.
  virtual std::unique_ptr<ValueWriter> begin_put(std::string_view key,
                                                 const PutOptions& options = {});
  // Removes one value; false when it was not there.
  virtual bool erase(std::string_view key) = 0;
  // Removes the value `prefix` and everything below `prefix` + "/"; returns how many values went.
  // Where the store can, all of it disappears in one step. Links are removed, never followed.
  virtual std::uint64_t erase_prefix(std::string_view prefix) = 0;
  // Makes an empty folder where the store has folders (S3 and memory do nothing but remember
  // nothing).
  virtual void make_prefix(std::string_view prefix) = 0;

  // Names one level below `prefix`, sorted bytewise. Temporary names of unfinished writes are left
  // out, other names with a leading dot are not. A prefix that does not exist is an empty list.
  virtual std::vector<Entry> list(std::string_view prefix) = 0;
  // The same of many prefixes in one call. `on_list(i, entries)` is called exactly once per prefix,
  // in any order, from any thread and possibly from several at once. Where a listing travels, many
  // are under way at once. An exception from on_list stops the rest and is rethrown here.
  using OnList = std::function<void(std::size_t index, std::vector<Entry> entries)>;
  virtual void list_many(std::span<const std::string> prefixes, const OnList& on_list);
  // Every key below `prefix` (full keys from the store's root), sorted bytewise, without unfinished
  // writes.
  virtual std::vector<Entry> list_recursive(std::string_view prefix) = 0;

  // Makes everything below `staged` appear below `target` in one step, replacing all that was
  // there; `staged` is gone afterwards. `staged` must come from staging_prefix(target). Where the
  // storage cannot do it in one step (see can_publish_atomically) data move first and metadata
  // last.
  virtual void publish_prefix(std::string_view staged, std::string_view target,
                              Durability durability) = 0;
  virtual bool can_publish_atomically() const = 0;
  // A fresh hidden prefix beside `target` (same parent) that listing leaves out and `verify` may
  // sweep.
  virtual std::string staging_prefix(std::string_view target) = 0;

  virtual bool read_only() const = 0;
  // A path or URL for messages and `ls`; holds no secret.
  virtual std::string url(std::string_view key) const = 0;
  // What is equal for two stores exactly when they are the same place, however their URLs are spelt
  // (trailing '/', "..", symlinks). A wrapper is the place it wraps. With `prefix`: of that part.
  virtual std::string identity(std::string_view prefix = {}) const = 0;
  // Every leftover below `prefix`, those inside another left out, sorted bytewise. Not all are
  // dead: judge by age. store/sweep.h removes and repairs.
  virtual std::vector<Leftover> leftovers(std::string_view prefix) = 0;
};

using StorePtr = std::shared_ptr<Store>;

inline bool same_place(const Store& a, const Store& b) { return a.identity() == b.identity(); }

// A store in this process's memory, empty.
StorePtr memory_store();
// The store behind a URL: "local:///abs", "file:///abs", "/abs", "rel", "~/x"
// (docs/format/storage.md has the grammar); "memory://name" is a part of one store of the process,
// "memory://name/sub" a part of that part. fs_args_json is the config's *_fs_args object as JSON
// text ("" is none); names it does not know are ignored with a remark to the log. Throws
// ValidationError for an unknown scheme and lists the known ones. A local folder need not exist: it
// is made by the first write.
StorePtr open_store(std::string_view url, std::string_view fs_args_json = "{}");

}  // namespace copick
