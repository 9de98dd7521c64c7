// Enumerations as Python says them: by words. A class of Python's own `enum` for each would cost more time at import than the
// rest of this module.
#pragma once

#include "project.h"

#include <nanobind/nanobind.h>

#include <array>
#include <cstddef>
#include <string_view>

namespace copick::python {

template <typename Enum, std::size_t Count>
struct Words {
  std::array<std::pair<std::string_view, Enum>, Count> words;

  bool find(nanobind::handle word, Enum& value) const noexcept {
    Py_ssize_t size = 0;
    const char* const text =
        PyUnicode_Check(word.ptr()) ? PyUnicode_AsUTF8AndSize(word.ptr(), &size) : nullptr;
    if (!text) return PyErr_Clear(), false;
    for (const auto& [name, meant] : words)
      if (name == std::string_view(text, static_cast<std::size_t>(size)))
        return value = meant, true;
    return false;
  }
};

}  // namespace copick::python

namespace nanobind::detail {

template <>
struct type_caster<copick::python::Side> {
  NB_TYPE_CASTER(copick::python::Side, const_name("typing.Literal['static', 'overlay']"))
  bool from_python(handle source, std::uint8_t, cleanup_list*) noexcept {
    using copick::python::Side;
    constexpr copick::python::Words<Side, 2> words{
        {{{"static", Side::static_source}, {"overlay", Side::overlay}}}};
    return words.find(source, value);
  }
};

template <>
struct type_caster<copick::model::AnnotationKind> {
  NB_TYPE_CASTER(copick::model::AnnotationKind,
                 const_name("typing.Literal['picks', 'mesh', 'filaments']"))
  bool from_python(handle source, std::uint8_t, cleanup_list*) noexcept {
    using Kind = copick::model::AnnotationKind;
    constexpr copick::python::Words<Kind, 3> words{
        {{{"picks", Kind::picks}, {"mesh", Kind::mesh}, {"filaments", Kind::filaments}}}};
    return words.find(source, value);
  }
};

}  // namespace nanobind::detail
