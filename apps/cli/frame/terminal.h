// The two streams of the program: results on standard output, everything else on standard error.
//
// Results are collected and written in blocks; a reader that went away (a closed pipe) ends the
// program quietly and successfully. Messages are written at once and above a progress bar, if one
// is drawn. Threads: messages from any thread; results from the thread that runs the verb.
#pragma once

#include <copick/bytes.h>

#include <cstddef>
#include <exception>
#include <string>
#include <string_view>

namespace copick::cli {

// Thrown by Results when nobody reads them any more.
class ClosedPipe : public std::exception {};

class Results {
 public:
  void write(std::string_view text);
  void line(std::string_view text);
  void write_bytes(ByteView bytes);
  // Hands over what is collected; StorageError when standard output cannot be written.
  void flush();
  bool is_terminal() const;

 private:
  std::string pending_;
};

class Messages {
 public:
  // No remarks and no progress: only warnings and errors are left.
  void set_quiet(bool quiet) { quiet_ = quiet; }
  bool quiet() const { return quiet_; }

  void remark(std::string_view text);
  void warning(std::string_view text);
  void error(std::string_view text);
  // As it is, no prefix.
  void plain(std::string_view text);

  // What stands in the last line while work goes on; drawn on terminals only. "" removes it.
  void set_status_line(std::string text);
  bool is_terminal() const;

 private:
  bool quiet_ = false;
};

// Columns of the terminal behind a stream, 80 when there is none, at most `limit`.
std::size_t terminal_width(std::size_t limit);

}  // namespace copick::cli
