// One window of the list of points of a picks file: a run of points, read into columns.
//
// What a window is and how windows follow each other: picks_points.cpp; in parallel:
// picks_parts.cpp.
#pragma once

#include "model/picks_document.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace copick::model {

// Bytes that must be readable behind the text of a window.
inline constexpr std::size_t window_padding = 64;

// Where reading stopped.
struct WindowEnd {
  enum class How {
    all_read,    // at the last ']': all of the window was points
    closed,      // after a ']' before that one
    broken_off,  // at the beginning of a point that is not complete, or of what follows it
  };
  How how = How::all_read;
  std::size_t at = 0;  // offset in the window
  std::string why{};   // broken_off
};

// Keeps its memory from one window to the next. Threads: one at a time.
class WindowReader {
 public:
  WindowReader();
  ~WindowReader();
  // `text`: '[', text from between points to anywhere, ']'; window_padding readable bytes follow.
  // Complete points go to `columns`, the offsets in `text` where they begin to `begins`. A broken
  // point is a CorruptError naming `where` if the window is the last one of the file.
  WindowEnd read(std::string_view text, const std::string& where, bool is_last,
                 PicksColumns& columns, std::vector<std::size_t>& begins);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace copick::model
