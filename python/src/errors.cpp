// The library's errors as Python exceptions: the classes are those of copick_native.errors, each
// also one of the built-in family that callers of the reference catch.
#include "binding.h"

#include <copick/error.h>
#include <nanobind/stl/string.h>

#include <exception>
#include <typeinfo>

namespace copick::python {

namespace {

const char* class_name(const Error& error) {
  if (dynamic_cast<const NotFoundError*>(&error)) return "NotFoundError";
  if (dynamic_cast<const ValidationError*>(&error)) return "ValidationError";
  if (dynamic_cast<const PermissionError*>(&error)) return "PermissionError";
  if (dynamic_cast<const ConflictError*>(&error)) return "ConflictError";
  if (dynamic_cast<const CorruptError*>(&error)) return "CorruptError";
  return "StorageError";
}

void raise(const Error& error) {
  try {
    const nb::object made =
        nb::module_::import_("copick_native.errors").attr(class_name(error))(error.what());
    const ErrorFacts& facts = error.facts();
    made.attr("doing") = facts.doing;
    made.attr("where") = facts.where;
    made.attr("why") = facts.why;
    made.attr("hint") = facts.hint;
    PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(made.ptr())), made.ptr());
  } catch (nb::python_error& other) { other.restore(); }
}

}  // namespace

void bind_errors(nb::module_&) {
  nb::register_exception_translator([](const std::exception_ptr& pending, void*) {
    try {
      std::rethrow_exception(pending);
    } catch (const Error& error) { raise(error); }
  });
}

}  // namespace copick::python
