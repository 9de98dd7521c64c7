// The parser's and the writer's way into a Json.
#pragma once

#include <copick/json.h>

namespace copick {

struct JsonAccess {
  // Both texts are checked by the caller.
  static Json number(std::string text) { return Json(Json::Value(Json::Number{std::move(text)})); }
  static Json string(std::string escaped) {
    return Json(Json::Value(Json::String{std::move(escaped)}));
  }
  static const std::string& escaped(const Json& string) {
    return std::get<Json::String>(string.value_).escaped;
  }
};

}  // namespace copick
