#include "format/csv_rows.h"

#include <algorithm>

#include <fmt/core.h>

#include <copick/error.h>

namespace copick::format {

CsvRows::CsvRows(std::string_view text, const char* doing, const std::string& where)
    : text_(text), doing_(doing), where_(where) {
  if (text_.starts_with("\xef\xbb\xbf")) text_.remove_prefix(3);
}

bool CsvRows::next() {
  while (position_ < text_.size() && at_line_end()) skip_line_end();
  if (position_ == text_.size()) return false;
  line_ = next_line_;
  read_record();
  return true;
}

void CsvRows::read_record() {
  fields_.clear();
  unescaped_.clear();
  while (true) {
    if (position_ < text_.size() && text_[position_] == '"') {
      fields_.push_back(quoted_field());
    } else {
      const std::size_t begin = position_;
      while (position_ < text_.size() && text_[position_] != ',' && !at_line_end()) ++position_;
      fields_.push_back(text_.substr(begin, position_ - begin));
    }
    if (position_ == text_.size()) return;
    if (at_line_end()) return skip_line_end();
    ++position_;  // the comma
  }
}

std::string_view CsvRows::quoted_field() {
  const std::size_t begin = ++position_;
  bool doubled = false;
  while (true) {
    const std::size_t quote = text_.find('"', position_);
    if (quote == std::string_view::npos) {
      throw CorruptError(
          {doing_, where_, fmt::format("a quoted field of line {} is not closed", line_), ""});
    }
    position_ = quote + 1;
    if (position_ == text_.size() || text_[position_] != '"') break;
    doubled = true;
    ++position_;
  }
  const std::string_view inside = text_.substr(begin, position_ - 1 - begin);
  if (position_ < text_.size() && text_[position_] != ',' && !at_line_end()) {
    throw CorruptError(
        {doing_, where_,
         fmt::format("line {}: '{}' follows the closing quote of '{}'; expected a comma", line_,
                     text_[position_], inside),
         ""});
  }
  next_line_ += static_cast<std::size_t>(std::count(inside.begin(), inside.end(), '\n'));
  if (!doubled) return inside;
  std::string& text = unescaped_.emplace_back();
  for (std::size_t i = 0; i < inside.size(); ++i) {
    text += inside[i];
    if (inside[i] == '"') ++i;
  }
  return text;
}

bool CsvRows::at_line_end() const { return text_[position_] == '\n' || text_[position_] == '\r'; }

void CsvRows::skip_line_end() {
  if (text_.substr(position_).starts_with("\r\n")) ++position_;
  ++position_;
  ++next_line_;
}

}  // namespace copick::format
