// JSON text to Python values and back, by the library's own parser: the package json would bring `re`
// and `enum` with it, a fifth of the time that importing this package and opening a project takes.
#include <copick/json.h>

#include "binding.h"

#include <copick/error.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace copick::python {

namespace {

constexpr int max_depth = 256;  // as the parser's

nb::object number_of(const Json& json) {
  const std::string& text = json.number_text();
  if (text.find_first_of(".eENI") != std::string::npos) return nb::float_(json.as_double());
  PyObject* const number = PyLong_FromString(text.c_str(), nullptr, 10);
  if (!number) throw nb::python_error();
  return nb::steal(number);
}

nb::object value_of(const Json& json) {
  switch (json.kind()) {
    case Json::Kind::null:
      return nb::none();
    case Json::Kind::boolean:
      return nb::bool_(json.as_bool());
    case Json::Kind::number:
      return number_of(json);
    case Json::Kind::string:
      return nb::cast(json.as_string());
    case Json::Kind::array: {
      nb::list list;
      for (const Json& element : json.elements()) list.append(value_of(element));
      return list;
    }
    case Json::Kind::object:
      break;
  }
  nb::dict dict;
  for (const auto& [key, member] : json.members()) dict[key.c_str()] = value_of(member);
  return dict;
}

Json json_of(nb::handle value, int depth);

Json number_from(nb::handle value) {
  if (PyFloat_Check(value.ptr())) return Json::number(PyFloat_AsDouble(value.ptr()));
  // The digits of the number itself: a subclass may print otherwise.
  const auto digits = nb::steal(PyNumber_ToBase(value.ptr(), 10));
  if (!digits.is_valid()) throw nb::python_error();
  return Json::raw_number(nb::cast<std::string>(digits));
}

Json object_from(nb::handle value, int depth) {
  std::vector<Json::Member> members;
  for (const auto& [key, member] : nb::borrow<nb::dict>(value)) {
    std::string name =
        nb::isinstance<nb::str>(key) ? nb::cast<std::string>(key) : json_of(key, max_depth).dump();
    members.emplace_back(std::move(name), json_of(member, depth + 1));
  }
  return Json::object(std::move(members));
}

// TypeError for what JSON has no word for.
Json json_of(nb::handle value, int depth) {
  if (value.is_none()) return {};
  if (PyBool_Check(value.ptr())) return Json::boolean(value.ptr() == Py_True);
  if (PyFloat_Check(value.ptr()) || PyLong_Check(value.ptr())) return number_from(value);
  if (nb::isinstance<nb::str>(value)) return Json::string(nb::cast<std::string_view>(value));
  const bool is_dict = nb::isinstance<nb::dict>(value);
  const bool is_list = nb::isinstance<nb::list>(value) || nb::isinstance<nb::tuple>(value);
  if (!is_dict && !is_list) {
    const std::string type = nb::cast<std::string>(nb::str(nb::type_name(value.type())));
    throw nb::type_error(("Object of type " + type + " is not JSON serializable").c_str());
  }
  if (depth >= max_depth) {
    throw ValidationError({"write JSON", "", "values are nested deeper than 256 levels",
                           "look for a list or dict that contains itself"});
  }
  if (is_dict) return object_from(value, depth);
  std::vector<Json> elements;
  for (const nb::handle element : nb::borrow(value))
    elements.push_back(json_of(element, depth + 1));
  return Json::array(std::move(elements));
}

}  // namespace

void bind_json(nb::module_& module) {
  module.def(
      "parse_json",
      [](std::string_view text, std::string_view where) {
        return value_of(Json::parse(text, where));
      },
      "text"_a, "where"_a, nb::sig("def parse_json(text: str, where: str) -> typing.Any"),
      "As json.loads; CorruptError names `where` and the place.");
  module.def(
      "json_text", [](nb::handle value) { return json_of(value, 0).dump(); }, "value"_a.none(),
      "As json.dumps.");
}

}  // namespace copick::python
