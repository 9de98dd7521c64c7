#include "frame/table.h"

#include <algorithm>

namespace copick::cli {

Table::Table(std::vector<std::string> heading) : heading_(std::move(heading)) {
  for (std::string& name : heading_) {
    to_the_right_.push_back(name.starts_with('>'));
    if (to_the_right_.back()) name.erase(0, 1);
  }
}

void Table::add(std::vector<std::string> row) {
  row.resize(heading_.size());
  rows_.push_back(std::move(row));
}

std::string Table::text() const { return lines(true); }

std::string Table::body() const { return lines(false); }

std::string Table::lines(bool with_heading) const {
  std::vector<std::size_t> widths(heading_.size(), 0);
  for (const auto& row : rows_)
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], shown_width(row[i]));
  std::string text;
  const auto add_line = [&](const std::vector<std::string>& cells) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (widths[i] == 0) continue;
      const std::size_t heading_width = with_heading ? shown_width(heading_[i]) : 0;
      const std::size_t width = std::max(widths[i], heading_width);
      const std::string gap(width - shown_width(cells[i]), ' ');
      if (!line.empty()) line += "  ";
      line += to_the_right_[i] ? gap + cells[i] : cells[i] + gap;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  };
  if (with_heading) add_line(heading_);
  for (const auto& row : rows_) add_line(row);
  return text;
}

std::size_t shown_width(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](unsigned char c) { return (c & 0xC0) != 0x80; }));
}

}  // namespace copick::cli
