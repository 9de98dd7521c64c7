// Table: rows of text under a heading, columns as wide as their widest cell.
#pragma once

#include <string>
#include <vector>

namespace copick::cli {

class Table {
 public:
  // Names starting with '>' are headings of right-aligned columns.
  explicit Table(std::vector<std::string> heading);
  void add(std::vector<std::string> row);
  bool empty() const { return rows_.empty(); }
  // Lines ending in '\n'; no blanks at line ends. Columns that are empty in every row are left out.
  std::string text() const;
  // The same without the heading, whose width then does not count.
  std::string body() const;

 private:
  std::string lines(bool with_heading) const;

  std::vector<std::string> heading_;
  std::vector<bool> to_the_right_;
  std::vector<std::vector<std::string>> rows_;
};

// Characters a terminal shows for UTF-8 text (one per code point).
std::size_t shown_width(const std::string& text);

}  // namespace copick::cli
