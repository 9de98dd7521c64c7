// CsvRows: the records of comma-separated text (RFC 4180), one at a time, without copying them.
//
//   CsvRows rows(text);
//   while (rows.next()) use(rows.line(), rows.fields());
//
// Accepted besides: a byte-order mark, CRLF, LF or CR as line ends, no line end after the last
// record. Empty lines are skipped. A quoted field may hold commas, line ends and doubled quotes.
// Threads: one object, one thread. Failure: CorruptError naming the line, for a quote that is not
// closed or is followed by something else.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace copick::format {

class CsvRows {
 public:
  // `doing` and `where` are for errors; text and where must outlive this.
  CsvRows(std::string_view text, const char* doing, const std::string& where);

  // Moves to the next record; false at the end.
  bool next();
  // Fields of the record, quotes removed; valid until next() is called again.
  const std::vector<std::string_view>& fields() const { return fields_; }
  // Line the record begins on, from 1.
  std::size_t line() const { return line_; }

 private:
  void read_record();
  std::string_view quoted_field();
  bool at_line_end() const;
  void skip_line_end();

  std::string_view text_;
  const char* doing_;
  const std::string& where_;
  std::size_t position_ = 0;
  std::size_t line_ = 0;
  std::size_t next_line_ = 1;
  std::vector<std::string_view> fields_;
  std::deque<std::string> unescaped_;  // fields that held doubled quotes
};

}  // namespace copick::format
