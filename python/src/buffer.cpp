#include "binding.h"

#include <copick/error.h>
#include <nanobind/stl/string.h>

#include <cstring>
#include <optional>

namespace copick::python {

namespace {

// The element type of a buffer's format ("f", "<i", "Zd", ...). Sizes of the letters are those of
// the item: 'l' is 4 bytes on one machine and 8 on the next.
std::optional<DType> dtype_of_format(const char* format, Py_ssize_t item_size) {
  if (*format == '@' || *format == '=' || *format == '<') ++format;
  if (std::strcmp(format, "?") == 0) return DType::boolean;
  if (std::strcmp(format, "Zf") == 0) return DType::complex64;
  if (std::strcmp(format, "Zd") == 0) return DType::complex128;
  if (std::strlen(format) != 1) return std::nullopt;
  const bool is_signed = std::strchr("bhilqn", *format) != nullptr;
  const bool is_unsigned = std::strchr("BHILQN", *format) != nullptr;
  const bool is_float = std::strchr("efd", *format) != nullptr;
  switch (item_size) {
    case 1:
      return is_signed     ? std::optional(DType::int8)
             : is_unsigned ? std::optional(DType::uint8)
                           : std::nullopt;
    case 2:
      return is_signed     ? DType::int16
             : is_unsigned ? DType::uint16
             : is_float    ? std::optional(DType::float16)
                           : std::nullopt;
    case 4:
      return is_signed     ? DType::int32
             : is_unsigned ? DType::uint32
             : is_float    ? std::optional(DType::float32)
                           : std::nullopt;
    case 8:
      return is_signed     ? DType::int64
             : is_unsigned ? DType::uint64
             : is_float    ? std::optional(DType::float64)
                           : std::nullopt;
    default:
      return std::nullopt;
  }
}

}  // namespace

Buffer::Buffer(nb::handle object, Access access, const char* doing) {
  const int flags = access == Access::write ? PyBUF_RECORDS : PyBUF_RECORDS_RO;
  if (PyObject_GetBuffer(object.ptr(), &view_, flags) != 0) {
    PyErr_Clear();
    const std::string type = nb::cast<std::string>(nb::str(nb::type_name(object.type())));
    throw ValidationError(
        {doing, "",
         "a " + type + " is not " +
             (access == Access::write ? "an array that can be written to" : "an array"),
         "give a numpy array"});
  }
  held_ = true;
  const char* format = view_.format ? view_.format : "B";
  const std::optional<DType> dtype = dtype_of_format(format, view_.itemsize);
  if (!dtype) {
    const std::string found(format);
    PyBuffer_Release(&view_);
    held_ = false;
    throw ValidationError({doing, "",
                           "the array's elements are of format '" + found +
                               "', which is no number in this machine's byte order",
                           "convert it, array.astype(...), to an integer or floating type"});
  }
  array_.data = static_cast<std::byte*>(view_.buf);
  array_.dtype = *dtype;
  array_.shape.assign(view_.shape, view_.shape + view_.ndim);
  array_.strides.assign(view_.strides, view_.strides + view_.ndim);
}

Buffer::Buffer(Buffer&& other) noexcept
    : view_(other.view_), array_(std::move(other.array_)), held_(other.held_) {
  other.held_ = false;
}

Buffer::~Buffer() {
  if (held_) PyBuffer_Release(&view_);
}

ByteView Buffer::bytes() const {
  return {reinterpret_cast<const std::byte*>(view_.buf), static_cast<std::size_t>(view_.len)};
}

Region region_of(int level, const std::string& path, const std::vector<std::int64_t>& begin,
                 const std::vector<std::int64_t>& end) {
  Region region{.level = level, .path = path};
  const std::size_t axes = begin.size();
  if (axes == 0 && end.empty()) return region;
  if (end.size() != axes || (axes != 3 && axes != 4)) {
    throw ValidationError({"read a region", "", "its bounds have " + std::to_string(axes) + " axes",
                           "give z, y, x (and a channel before them for 4-D arrays)"});
  }
  Range* const ranges[] = {&region.channel, &region.z, &region.y, &region.x};
  for (std::size_t i = 0; i < axes; ++i) *ranges[4 - axes + i] = {begin[i], end[i]};
  return region;
}

Progress progress_of(nb::handle callable) {
  if (!callable.is_valid() || callable.is_none()) return {};
  return [callable](std::uint64_t done, std::uint64_t total) {
    const nb::gil_scoped_acquire lock;
    try {
      callable(done, total);
    } catch (nb::python_error& error) { error.discard_as_unraisable("progress callback"); }
  };
}

}  // namespace copick::python
