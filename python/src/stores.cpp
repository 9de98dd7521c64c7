// Stores: named bytes for Python (zarr() mappings), and stores written in Python for the library.
#include "python_store.h"

#include "binding.h"

#include <copick/error.h>
#include <copick/store.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <optional>
#include <tuple>

namespace copick::python {

namespace {

nb::object bytes_or_none(const std::optional<Bytes>& value) {
  if (!value) return nb::none();
  return nb::bytes(reinterpret_cast<const char*>(value->data()), value->size());
}

nb::object get(Store& store, std::string_view key) {
  std::optional<Bytes> value;
  {
    const nb::gil_scoped_release unlocked;
    value = store.get(key);
  }
  return bytes_or_none(value);
}

// A part of a value. `offset` below 0: the last -offset bytes.
nb::object get_range(Store& store, const std::string& key, std::int64_t offset,
                     std::optional<std::uint64_t> length) {
  ByteRange range;
  if (offset < 0) {
    range.from_end = true;
    range.length = static_cast<std::uint64_t>(-offset);
  } else {
    range.offset = static_cast<std::uint64_t>(offset);
    range.length = length.value_or(ByteRange::to_end);
  }
  std::optional<Bytes> value;
  {
    const nb::gil_scoped_release unlocked;
    const Request request{key, range};
    store.fetch({&request, 1},
                [&](std::size_t, std::optional<Bytes> part) { value = std::move(part); });
  }
  return bytes_or_none(value);
}

void put(Store& store, std::string_view key, nb::handle value, bool if_absent) {
  const Buffer buffer(value, Buffer::Access::read, "put a value");
  const nb::gil_scoped_release unlocked;
  store.put(key, buffer.bytes(), {.if_absent = if_absent});
}

using Listed = std::vector<std::tuple<std::string, bool, std::uint64_t>>;

Listed listed(std::vector<Entry> entries) {
  Listed rows;
  rows.reserve(entries.size());
  for (Entry& entry : entries)
    rows.emplace_back(std::move(entry.name), entry.is_prefix, entry.size);
  return rows;
}

std::optional<std::uint64_t> size_of_value(Store& store, std::string_view key) {
  const std::optional<Stat> found = store.stat(key);
  return found ? std::optional(found->size) : std::nullopt;
}

std::optional<std::string> version_of_value(Store& store, std::string_view key) {
  std::optional<Stat> found = store.stat(key);
  return found ? std::optional(std::move(found->version)) : std::nullopt;
}

}  // namespace

void bind_stores(nb::module_& module) {
  using Unlocked = nb::call_guard<nb::gil_scoped_release>;
  nb::class_<Store>(module, "Store", "Named bytes: a folder, a bucket, memory.")
      .def("get", &get, "key"_a, "The value, or None when it is certainly not there.")
      .def("get_range", &get_range, "key"_a, "offset"_a, "length"_a = nb::none())
      .def("put", &put, "key"_a, "value"_a.noconvert(), "if_absent"_a = false, "Atomic.")
      .def("erase", &Store::erase, "key"_a, Unlocked())
      .def("erase_prefix", &Store::erase_prefix, "prefix"_a, Unlocked())
      .def("make_prefix", &Store::make_prefix, "prefix"_a, Unlocked())
      .def(
          "list_recursive",
          [](Store& s, std::string_view prefix) { return listed(s.list_recursive(prefix)); },
          "prefix"_a = "", Unlocked())
      // After the others: below it, "list" in the generated stub would mean this method.
      .def(
          "list", [](Store& s, std::string_view prefix) { return listed(s.list(prefix)); },
          "prefix"_a = "", Unlocked(), "One level: (name, is folder, size) each.")
      .def("size", &size_of_value, "key"_a, Unlocked(), "Bytes of the value, or None.")
      .def("version", &version_of_value, "key"_a, Unlocked(),
           "Equal versions mean equal bytes; None when it is not there.")
      .def("url", &Store::url, "key"_a = "")
      .def_prop_ro("read_only", &Store::read_only)
      .def("identity", &Store::identity, "prefix"_a = "");
  module.def("open_store", &open_store, "url"_a, "fs_args_json"_a = "{}", Unlocked(),
             "A native store for local paths and memory; ValidationError for other schemes.");
  module.def("store_from_python", &store_from_python, "implementation"_a,
             "A store whose bytes come from a Python object; see copick_native/_store_hook.py.");
}

}  // namespace copick::python
