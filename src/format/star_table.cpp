#include "format/star_table.h"

#include <algorithm>

#include <fmt/core.h>

#include <copick/error.h>

namespace copick::format {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\v' || c == '\f'; }
bool is_line_end(char c) { return c == '\n' || c == '\r'; }

struct Token {
  std::string_view text;
  bool bare = true;  // neither quoted nor a text field: may be a keyword or a name
  std::uint32_t line = 0;

  bool is_name() const { return bare && text.starts_with('_'); }
  bool is_block() const { return bare && text.starts_with("data_"); }
  bool is_loop() const { return bare && text == "loop_"; }
};

// Splits the text into tokens and knows where lines end, because in a loop a row is a line.
class Scanner {
 public:
  Scanner(std::string_view text, const std::string& where) : text_(text), where_(where) {
    if (text_.starts_with("\xef\xbb\xbf")) text_.remove_prefix(3);
  }

  // The next token of this line; nullopt at its end.
  std::optional<Token> on_line() {
    skip_blanks();
    if (position_ == text_.size() || is_line_end(text_[position_])) return std::nullopt;
    const char c = text_[position_];
    return c == '"' || c == '\'' ? quoted(c) : bare();
  }
  // The next token wherever it is; nullopt at the end of the text.
  std::optional<Token> anywhere() {
    while (true) {
      if (at_text_field()) return text_field();
      if (auto token = on_line()) return token;
      if (position_ == text_.size()) return std::nullopt;
      next_line();
    }
  }
  // A text field (";" in the first column) that begins on the next line.
  std::optional<Token> text_field_below() {
    const std::size_t position = position_;
    const std::uint32_t line = line_;
    if (position_ < text_.size()) next_line();
    if (at_text_field()) return text_field();
    position_ = position;
    line_ = line;
    return std::nullopt;
  }
  bool rest_of_line_is_empty() {
    skip_blanks();
    return position_ == text_.size() || is_line_end(text_[position_]);
  }
  // Where reading stands, to look ahead and come back.
  struct Mark {
    std::size_t position;
    std::uint32_t line;
  };
  Mark mark() const { return {position_, line_}; }
  void go_back(Mark mark) {
    position_ = mark.position;
    line_ = mark.line;
  }

  [[noreturn]] void refuse(std::uint32_t line, const std::string& why) const {
    throw CorruptError({"read the STAR file", where_, fmt::format("line {}: {}", line, why), ""});
  }

 private:
  // Blanks, and a comment up to the end of the line.
  void skip_blanks() {
    while (position_ < text_.size() && is_blank(text_[position_])) ++position_;
    if (position_ == text_.size() || text_[position_] != '#') return;
    position_ = std::min(text_.find_first_of("\r\n", position_), text_.size());
  }
  void next_line() {
    if (text_.substr(position_).starts_with("\r\n")) ++position_;
    ++position_;
    ++line_;
  }
  bool at_text_field() const {
    return position_ < text_.size() && text_[position_] == ';' &&
           (position_ == 0 || is_line_end(text_[position_ - 1]));
  }
  Token bare() {
    const std::size_t begin = position_;
    while (position_ < text_.size() && !is_blank(text_[position_]) &&
           !is_line_end(text_[position_])) {
      ++position_;
    }
    return {text_.substr(begin, position_ - begin), true, line_};
  }
  // A quote ends the value only where a blank or the line's end follows, so that 5'-end can be
  // quoted.
  Token quoted(char quote) {
    const std::size_t begin = ++position_;
    for (; position_ < text_.size() && !is_line_end(text_[position_]); ++position_) {
      if (text_[position_] != quote) continue;
      const std::size_t after = position_ + 1;
      if (after < text_.size() && !is_blank(text_[after]) && !is_line_end(text_[after])) continue;
      position_ = after;
      return {text_.substr(begin, after - 1 - begin), false, line_};
    }
    refuse(line_, "a quoted value is not closed");
  }
  Token text_field() {
    const std::uint32_t line = line_;
    const std::size_t begin = ++position_;
    while (true) {
      position_ = text_.find_first_of("\r\n", position_);
      if (position_ == std::string_view::npos) refuse(line, "a text field is not closed by ';'");
      const std::size_t end = position_;
      next_line();
      if (!at_text_field()) continue;
      ++position_;
      return {text_.substr(begin, end - begin), false, line};
    }
  }

  std::string_view text_;
  const std::string& where_;
  std::size_t position_ = 0;
  std::uint32_t line_ = 1;
};

class Reader {
 public:
  Reader(std::string_view text, const std::string& where) : scanner_(text, where) {}

  std::vector<StarTable> read() {
    while (const auto token = scanner_.anywhere()) {
      if (token->is_block()) {
        begin_block(token->text.substr(5));
      } else if (!in_block_) {
        refuse(*token, "expected data_ and a name; is this a STAR file?");
      } else if (token->is_loop()) {
        read_loop(token->line);
      } else if (token->is_name()) {
        read_pair(*token);
      } else {
        refuse(*token, "expected data_, loop_ or a name that begins with '_'");
      }
    }
    end_table();
    return std::move(tables_);
  }

 private:
  [[noreturn]] void refuse(const Token& token, const std::string& expected) const {
    scanner_.refuse(token.line, fmt::format("found '{}'; {}", token.text.substr(0, 40), expected));
  }

  // A block without any table still counts as a block of one empty table.
  void begin_block(std::string_view name) {
    end_table();
    in_block_ = true;
    block_ = name;
    tables_.push_back({.block = name, .loop = false, .columns = {}, .cells = {}, .lines = {}});
  }
  // Single values of a block are collected in the table that begin_block made; a loop replaces it
  // when it is empty.
  StarTable& add_loop() {
    end_table();
    if (tables_.back().loop || !tables_.back().columns.empty()) tables_.emplace_back();
    tables_.back() = {.block = block_, .loop = true, .columns = {}, .cells = {}, .lines = {}};
    return tables_.back();
  }
  void end_table() {
    if (tables_.empty()) return;
    std::vector<std::string_view> names = tables_.back().columns;
    std::sort(names.begin(), names.end());
    const auto twice = std::adjacent_find(names.begin(), names.end());
    if (twice == names.end()) return;
    scanner_.refuse(scanner_.mark().line,
                    fmt::format("the table above has two columns '_{}'", *twice));
  }

  void read_pair(const Token& name) {
    const auto value = scanner_.anywhere();
    if (!value || value->is_name() || value->is_block() || value->is_loop()) {
      refuse(name, "expected a value after it");
    }
    if (tables_.back().loop) {
      tables_.push_back({.block = block_, .loop = false, .columns = {}, .cells = {}, .lines = {}});
    }
    StarTable& table = tables_.back();
    if (table.lines.empty()) table.lines.push_back(name.line);
    table.columns.push_back(name.text.substr(1));
    table.cells.push_back(value->text);
  }

  void read_loop(std::uint32_t line) {
    StarTable& table = add_loop();
    read_names(table);
    if (table.columns.empty()) scanner_.refuse(line, "loop_ is not followed by column names");
    while (true) {
      const Scanner::Mark before = scanner_.mark();
      const auto token = scanner_.anywhere();
      if (!token) return;
      if (ends_loop(*token, table.columns.size())) return scanner_.go_back(before);
      read_row(table, *token);
    }
  }
  void read_names(StarTable& table) {
    while (true) {
      const Scanner::Mark before = scanner_.mark();
      auto token = scanner_.anywhere();
      if (!token || !token->is_name()) return scanner_.go_back(before);
      while (token) {
        if (!token->is_name()) refuse(*token, "expected a column name or a comment");
        table.columns.push_back(token->text.substr(1));
        token = scanner_.on_line();
      }
    }
  }
  // A first cell may look like "data_3.mrc": only alone on its line is it a new block.
  bool ends_loop(const Token& token, std::size_t columns) {
    if (token.is_loop()) return true;
    return token.is_block() && (columns == 1 || scanner_.rest_of_line_is_empty());
  }
  // One line, longer only where a cell is a text field of several lines.
  void read_row(StarTable& table, const Token& first) {
    const std::size_t columns = table.columns.size();
    table.lines.push_back(first.line);
    table.cells.push_back(first.text);
    for (std::size_t count = 1; count < columns; ++count) {
      auto token = scanner_.on_line();
      if (!token) token = scanner_.text_field_below();
      if (!token) {
        scanner_.refuse(first.line,
                        fmt::format("found {} values; the table has {} columns", count, columns));
      }
      table.cells.push_back(token->text);
    }
    if (!scanner_.rest_of_line_is_empty()) {
      scanner_.refuse(first.line,
                      fmt::format("found more values than the {} columns of the table", columns));
    }
  }

  Scanner scanner_;
  std::vector<StarTable> tables_;
  std::string_view block_;
  bool in_block_ = false;
};

}  // namespace

std::vector<StarTable> scan_star(std::string_view text, const std::string& where) {
  return Reader(text, where).read();
}

}  // namespace copick::format
