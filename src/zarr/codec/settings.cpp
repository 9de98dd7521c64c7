#include "zarr/codec/settings.h"

#include <copick/error.h>

#include <fmt/core.h>

#include <cmath>

namespace copick::zarr {

void Settings::refuse(std::string_view key, const std::string& why) const {
  throw CorruptError({fmt::format("set up the codec '{}'", codec_), where_,
                      fmt::format("its \"{}\" {}", key, why), ""});
}

const Json* Settings::find(std::string_view key) const {
  const Json* value = members_.find(key);
  return value && !value->is_null() ? value : nullptr;
}

std::int64_t Settings::integer(std::string_view key, std::int64_t fallback, std::int64_t least,
                               std::int64_t most) const {
  const Json* value = find(key);
  if (!value) return fallback;
  const double number = value->is_number() ? value->as_double() : std::nan("");
  if (!(number >= static_cast<double>(least) && number <= static_cast<double>(most)) ||
      number != std::floor(number))
    refuse(key, fmt::format("is {}; a whole number from {} to {} is needed", value->dump(), least,
                            most));
  return static_cast<std::int64_t>(number);
}

double Settings::number(std::string_view key) const {
  const Json* value = find(key);
  if (!value) refuse(key, "is missing");
  const double number = value->is_number() ? value->as_double() : std::nan("");
  if (!std::isfinite(number)) refuse(key, "is " + value->dump() + "; a number is needed");
  return number;
}

bool Settings::flag(std::string_view key, bool fallback) const {
  const Json* value = find(key);
  if (!value) return fallback;
  if (!value->is_bool()) refuse(key, "is " + value->dump() + "; true or false is needed");
  return value->as_bool();
}

std::string Settings::text(std::string_view key, std::string_view fallback) const {
  const Json* value = find(key);
  if (!value) return std::string(fallback);
  if (!value->is_string()) refuse(key, "is " + value->dump() + "; a text is needed");
  return value->as_string();
}

StoredType Settings::type(std::string_view key, StoredType fallback) const {
  const Json* value = find(key);
  if (!value) return fallback;
  const std::string name = text(key, "");
  if (const auto stored = type_from_v2(name)) return *stored;
  if (const auto dtype = dtype_from_name(name)) return {*dtype, false};
  if (const auto stored = type_from_v2("<" + name)) return *stored;
  refuse(key, "is " + value->dump() + ", which is not a type of numbers this program knows");
}

}  // namespace copick::zarr
