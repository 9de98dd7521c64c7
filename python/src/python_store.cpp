// How a tree is published by a Python store: there is no rename of folders to rely on, so
//   1. every value below the staged prefix is moved to the target, metadata last;
//   2. values of the target that the staged tree does not have are erased.
// A reader in between may see old and new chunks; never an array without its metadata.
#include "python_store.h"

#include "base/executor.h"
#include "store/contract.h"
#include "store/key.h"
#include "store/temporary_name.h"

#include <copick/error.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>

#include <algorithm>
#include <set>
#include <utility>

namespace copick::python {

namespace nb = nanobind;

namespace {

Bytes bytes_of(nb::handle value) {
  Py_buffer view;
  if (PyObject_GetBuffer(value.ptr(), &view, PyBUF_SIMPLE) != 0) throw nb::python_error();
  Bytes copy = Bytes::copy_of(
      ByteView(static_cast<const std::byte*>(view.buf), static_cast<std::size_t>(view.len)));
  PyBuffer_Release(&view);
  return copy;
}

nb::object memory_of(ByteView value) {
  return nb::bytes(reinterpret_cast<const char*>(value.data()), value.size());
}

// Metadata go last when a tree appears and are what readers look for first.
bool is_metadata(std::string_view key) {
  const std::string_view name = key.substr(key.rfind('/') + 1);
  return name == "zarr.json" || name.starts_with(".z");
}

class PythonStore final : public Store {
 public:
  explicit PythonStore(nb::object implementation) : python_(std::move(implementation)) {}
  ~PythonStore() override {
    if (!Py_IsInitialized()) {
      static_cast<void>(python_.release());
      return;
    }
    const nb::gil_scoped_acquire lock;
    python_.reset();
  }

  std::optional<Bytes> get(std::string_view key) override {
    const Request request{std::string(key), std::nullopt};
    return std::move(read_parts({&request, 1}).front());
  }
  std::optional<Versioned> get_versioned(std::string_view key) override {
    // The version is read first: a value that changes in between is met by a version too old, and
    // a conditional put then refuses rather than loses it.
    const std::optional<Stat> found = stat(key);
    if (!found) return std::nullopt;
    std::optional<Bytes> value = get(key);
    if (!value) return std::nullopt;
    return Versioned{std::move(*value), found->version};
  }
  // In batches: what Python hands over in one call is decoded by all threads, without the lock.
  void fetch(std::span<const Request> requests, const OnPart& on_part) override {
    constexpr std::size_t batch = 64;
    for (std::size_t first = 0; first < requests.size(); first += batch) {
      const auto some = requests.subspan(first, std::min(batch, requests.size() - first));
      std::vector<std::optional<Bytes>> parts = read_parts(some);
      base::parallel_for(parts.size(),
                         [&](std::size_t i) { on_part(first + i, std::move(parts[i])); });
    }
  }
  std::optional<Stat> stat(std::string_view key) override {
    store::check_key(key, "look at a value");
    return call("look at a value", key, [&]() -> std::optional<Stat> {
      const nb::object found = python_.attr("stat")(key);
      if (found.is_none()) return std::nullopt;
      return Stat{nb::cast<std::uint64_t>(found[0]), nb::cast<std::string>(found[1])};
    });
  }
  std::string put(std::string_view key, ByteView value, const PutOptions& options) override {
    store::check_key(key, "write a value");
    store::check_conditions(options, url(key));
    if (options.if_absent && stat(key)) store::throw_exists(url(key));
    if (options.if_version) {
      const std::optional<Stat> found = stat(key);
      if (!found || found->version != *options.if_version) {
        store::throw_changed(url(key), *options.if_version,
                             found ? std::optional(found->version) : std::nullopt);
      }
    }
    return call("write a value", key,
                [&] { return nb::cast<std::string>(python_.attr("put")(key, memory_of(value))); });
  }
  bool erase(std::string_view key) override {
    store::check_key(key, "erase a value");
    return call("erase a value", key, [&] { return nb::cast<bool>(python_.attr("erase")(key)); });
  }
  std::uint64_t erase_prefix(std::string_view prefix) override {
    store::check_key(prefix, "erase a folder");
    return call("erase a folder", prefix,
                [&] { return nb::cast<std::uint64_t>(python_.attr("erase_prefix")(prefix)); });
  }
  void make_prefix(std::string_view prefix) override {
    if (prefix.empty()) return;
    call("make a folder", prefix, [&] { python_.attr("make_prefix")(prefix); });
  }
  std::vector<Entry> list(std::string_view prefix) override {
    std::vector<Entry> entries = raw_list("list a folder", "list", prefix);
    std::erase_if(entries, [](const Entry& entry) { return store::is_temporary_name(entry.name); });
    return entries;
  }
  std::vector<Entry> list_recursive(std::string_view prefix) override {
    std::vector<Entry> entries = raw_list("list a tree", "list_recursive", prefix);
    std::erase_if(entries, [&](const Entry& entry) {
      return store::end_of_temporary_part(entry.name, prefix.size()) != std::string_view::npos;
    });
    return entries;
  }
  void publish_prefix(std::string_view staged, std::string_view target, Durability) override {
    store::check_publish(staged, target, url(target));
    std::vector<Entry> entries = raw_list("list a tree", "list_recursive", staged);
    if (entries.empty()) store::throw_nothing_staged(std::string(staged), url(target));
    std::stable_partition(entries.begin(), entries.end(),
                          [](const Entry& entry) { return !is_metadata(entry.name); });
    std::set<std::string> kept;
    for (const Entry& entry : entries) {
      const std::string key = std::string(target) + entry.name.substr(staged.size());
      call("publish a folder", key, [&] { python_.attr("move")(entry.name, key); });
      kept.insert(key);
    }
    for (const Entry& entry : list_recursive(target))
      if (!kept.contains(entry.name)) erase(entry.name);
    erase_prefix(staged);
  }
  bool can_publish_atomically() const override { return false; }
  std::string staging_prefix(std::string_view target) override {
    return store::join(store::parent(target), store::staging_name(store::last_part(target)));
  }
  bool read_only() const override { return false; }
  std::string url(std::string_view key) const override {
    return call("name a value", key,
                [&] { return nb::cast<std::string>(python_.attr("url")(key)); });
  }
  std::string identity(std::string_view prefix) const override { return url(prefix); }
  std::vector<Leftover> leftovers(std::string_view) override { return {}; }

 private:
  // Runs `action` under the interpreter lock and turns what Python raises into our errors.
  template <typename Action>
  auto call(const char* doing, std::string_view key, const Action& action) const
      -> decltype(action()) {
    const nb::gil_scoped_acquire lock;
    try {
      return action();
    } catch (const nb::python_error& error) {
      const std::string why = error.what();
      const std::string where(key);
      if (error.matches(PyExc_PermissionError)) {
        throw PermissionError({doing, where, why, "check the credentials in the config's fs_args"});
      }
      throw StorageError({doing, where, why, "this came from the Python file system"});
    }
  }

  // (key, offset, length or None); an offset below 0 asks for the last -offset bytes.
  static nb::tuple asked(const Request& request) {
    const ByteRange range = request.range.value_or(ByteRange{});
    if (range.from_end) {
      return nb::make_tuple(request.key, -static_cast<std::int64_t>(range.length), nb::none());
    }
    const bool to_end = range.length == ByteRange::to_end;
    return nb::make_tuple(request.key, range.offset, to_end ? nb::none() : nb::cast(range.length));
  }

  std::vector<std::optional<Bytes>> read_parts(std::span<const Request> requests) {
    for (const Request& request : requests) store::check_key(request.key, "read a value");
    return call("read values", requests.empty() ? "" : requests.front().key, [&] {
      nb::list wanted;
      for (const Request& request : requests) wanted.append(asked(request));
      std::vector<std::optional<Bytes>> parts;
      for (const nb::handle value : python_.attr("get_many")(wanted))
        parts.push_back(value.is_none() ? std::nullopt : std::optional(bytes_of(value)));
      if (parts.size() != requests.size())
        throw nb::value_error("get_many gave another number of values than it was asked for");
      return parts;
    });
  }

  std::vector<Entry> raw_list(const char* doing, const char* method, std::string_view prefix) {
    std::vector<Entry> entries = call(doing, prefix, [&] {
      std::vector<Entry> rows;
      for (const nb::handle row : python_.attr(method)(prefix)) {
        rows.push_back({nb::cast<std::string>(row[0]), nb::cast<bool>(row[1]),
                        nb::cast<std::uint64_t>(row[2])});
      }
      return rows;
    });
    std::sort(entries.begin(), entries.end(), store::entry_before);
    return entries;
  }

  nb::object python_;
};

}  // namespace

StorePtr store_from_python(nb::object implementation) {
  return std::make_shared<PythonStore>(std::move(implementation));
}

}  // namespace copick::python
