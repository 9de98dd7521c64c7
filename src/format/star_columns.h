// Columns of a STAR table as numbers, with errors that name line and column.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "format/star_table.h"

namespace copick::format::star {

using Triple = std::array<std::size_t, 3>;  // columns of an x, y, z or of three angles

// Text by which keys of two tables compare: 1, 01 and 1.0 are one group.
std::string normalised(std::string_view key);

class Columns {
 public:
  // `doing` and `where` are for errors; all three must outlive this.
  Columns(const StarTable& table, const char* doing, const std::string& where)
      : table_(table), doing_(doing), where_(where) {}

  const StarTable& table() const { return table_; }
  // The columns of these names if all three are there; a remark when only some are.
  std::optional<Triple> triple(const std::array<const char*, 3>& names) const;
  // CorruptError when the column is missing.
  std::size_t required(std::string_view name) const;

  // CorruptError unless the cell is a finite number, a positive one, a whole one.
  double number(std::size_t row, std::size_t column) const;
  double positive(std::size_t row, std::size_t column) const;
  std::int64_t integer(std::size_t row, std::size_t column) const;
  std::array<double, 3> numbers(std::size_t row, const Triple& columns) const;

 private:
  [[noreturn]] void refuse(std::size_t row, std::size_t column, const char* expected) const;

  const StarTable& table_;
  const char* doing_;
  const std::string& where_;
};

}  // namespace copick::format::star
