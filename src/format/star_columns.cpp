#include "format/star_columns.h"

#include <cmath>

#include <fmt/core.h>

#include <copick/error.h>

#include "base/logging.h"
#include "base/number_text.h"
#include "format/whole_number.h"

namespace copick::format::star {

std::string normalised(std::string_view key) {
  const auto number = base::parse_double(key);
  return number && std::isfinite(*number) ? base::python_float(*number) : std::string(key);
}

std::optional<Triple> Columns::triple(const std::array<const char*, 3>& names) const {
  Triple result{};
  std::size_t found = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    if (const auto column = table_.column(names[i])) {
      result[i] = *column;
      ++found;
    }
  }
  if (found == 3) return result;
  if (found > 0) {
    base::warn(fmt::format("{}: {}, {} and {} are not all there, so none is used", where_, names[0],
                           names[1], names[2]));
  }
  return std::nullopt;
}

std::size_t Columns::required(std::string_view name) const {
  if (const auto column = table_.column(name)) return *column;
  throw CorruptError(
      {doing_, where_, fmt::format("its table data_{} has no column {}", table_.block, name), ""});
}

double Columns::number(std::size_t row, std::size_t column) const {
  const auto value = base::parse_double(table_.cell(row, column));
  if (!value || !std::isfinite(*value)) refuse(row, column, "a finite number");
  return *value;
}

double Columns::positive(std::size_t row, std::size_t column) const {
  const double value = number(row, column);
  if (value <= 0) refuse(row, column, "a positive number");
  return value;
}

std::int64_t Columns::integer(std::size_t row, std::size_t column) const {
  const auto value = parse_whole_number(table_.cell(row, column));
  if (!value) refuse(row, column, "a whole number");
  return *value;
}

std::array<double, 3> Columns::numbers(std::size_t row, const Triple& columns) const {
  return {number(row, columns[0]), number(row, columns[1]), number(row, columns[2])};
}

void Columns::refuse(std::size_t row, std::size_t column, const char* expected) const {
  throw CorruptError({doing_, where_,
                      fmt::format("line {}, column {}: '{}' is not {}", table_.lines[row],
                                  table_.columns[column], table_.cell(row, column), expected),
                      ""});
}

}  // namespace copick::format::star
