// What the binding files share: nanobind, how Python arrays become views, how errors cross over.
//
// The module copick_native._core is thin: it turns arguments into library types, lets go of the
// interpreter lock, calls, and hands the result back. Rules of the data model, defaults and names
// live in the library below it or in the Python package above it, never here.
//
// Threads: every bound call that can touch storage releases the interpreter lock. A Python callback
// (progress, a store written in Python) takes it for the time of the callback.
#pragma once

#include <copick/volume.h>
#include <nanobind/nanobind.h>

#include <cstdint>
#include <string>
#include <vector>

namespace copick::python {

namespace nb = nanobind;
using namespace nb::literals;

// The memory of a Python object that speaks the buffer protocol (numpy arrays of any strides, and
// bytes), borrowed for as long as this lives. Made and destroyed with the interpreter lock held.
// ValidationError: not a buffer, read-only where it is written to, foreign byte order, or an
// element type that no array has.
class Buffer {
 public:
  enum class Access { read, write };
  Buffer(nb::handle object, Access access, const char* doing);
  ~Buffer();
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  Buffer(Buffer&& other) noexcept;

  ArrayView array() const { return array_; }
  ByteView bytes() const;  // of a contiguous buffer

 private:
  Py_buffer view_{};
  ArrayView array_;
  bool held_ = false;
};

// A region as Python says it: a level's path, or its index where the path is empty; and bounds, as
// many as the array has axes.
Region region_of(int level, const std::string& path, const std::vector<std::int64_t>& begin,
                 const std::vector<std::int64_t>& end);

// progress(done, total) of Python as the library calls it. The callable must outlive the call; what
// it raises is printed as unraisable, for nothing may be thrown through the library's threads.
Progress progress_of(nb::handle callable);

void bind_errors(nb::module_& module);
void bind_json(nb::module_& module);
void bind_stores(nb::module_& module);
void bind_project(nb::module_& module);
void bind_volume(nb::module_& module);
void bind_annotations(nb::module_& module);
void bind_curves(nb::module_& module);
void bind_ops(nb::module_& module);

}  // namespace copick::python
