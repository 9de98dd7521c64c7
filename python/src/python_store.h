// PythonStore: a Store whose bytes come from a Python object, for storage that has no native
// backend (any fsspec file system).
//
// What the object must offer is written in copick_native/_store_hook.py. Exceptions it raises come
// out as the library's: FileNotFoundError means absent, PermissionError stays one, anything else is
// a StorageError with Python's message.
//
// Threads: any; the interpreter lock is taken for each call, so calls run one after another unless
//          the object's own waiting lets go of it.
#pragma once

#include <copick/store.h>
#include <nanobind/nanobind.h>

namespace copick::python {

StorePtr store_from_python(nanobind::object implementation);

}  // namespace copick::python
