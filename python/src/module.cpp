// copick_native._core: the extension module, and what belongs to the process as a whole.
#include "binding.h"

#include <copick/environment.h>
#include <copick/limits.h>
#include <copick/log.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>

#include <cstdlib>
#include <memory>
#include <optional>
#include <string>

namespace copick::python {

namespace {

// Remarks go to a Python callable (level, text). A remark that comes when the interpreter is gone
// is dropped.
void set_log(nb::object sink) {
  if (sink.is_none()) {
    set_log_sink({});
    return;
  }
  // Never freed: the library may still hold the sink when the interpreter ends.
  auto* callable = new nb::object(std::move(sink));
  set_log_sink([callable](LogLevel level, std::string_view text) {
    if (!Py_IsInitialized()) return;
    const nb::gil_scoped_acquire lock;
    try {
      (*callable)(static_cast<int>(level), nb::str(text.data(), text.size()));
    } catch (nb::python_error& error) { error.discard_as_unraisable("copick_native log sink"); }
  });
}

std::optional<std::string> environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value ? std::optional<std::string>(value) : std::nullopt;
}

}  // namespace

}  // namespace copick::python

NB_MODULE(_core, module) {
  using namespace copick::python;
  nb::set_leak_warnings(false);  // handles kept by user modules at exit are no mistake of theirs
  module.doc() =
      "Binding of libcopick. Use the package copick_native; this may change at any time.";
  copick::use_environment(&environment);
  bind_errors(module);
  bind_json(module);
  bind_stores(module);
  bind_volume(module);
  bind_annotations(module);
  bind_project(module);
  bind_curves(module);
  bind_ops(module);
  module.def("set_threads", &copick::set_threads, "count"_a,
             "Size of the thread pool, 0: what the machine grants. False once it is in use.");
  module.def("threads", &copick::threads);
  module.def("set_memory_budget", &copick::set_memory_budget, "bytes"_a);
  module.def("set_chunk_cache", &copick::set_chunk_cache, "bytes"_a);
  module.def("memory_budget", &copick::memory_budget);
  module.def("set_log", &set_log, "sink"_a.none(), "sink(level, text); None drops all remarks.");
}
