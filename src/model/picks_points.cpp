// Parsing the points of a picks file in windows.
//
//   1. A window is copied to a small buffer between '[' and ']': some text from the start of a
//      point to a '}' further on.
//   2. Its points are read one by one into the columns. A point counts when it is complete.
//   3. A window usually ends inside a point. That point breaks off, is forgotten, and begins the
//      next window.
//   4. A window that did not bring a single point is made larger, until it holds the rest of the
//      file: then what is wrong with the point is an error of the file.
//   5. The window in which the list itself is closed is the last one.
//
// So memory beside the columns is a few megabytes whatever the size of the file; one scan over all
// of it would take the text once more and an index as large, and is no faster.
#include "model/picks_parse.h"
#include "model/picks_window.h"

#include <algorithm>
#include <cstring>

namespace copick::model {

namespace {

class WindowParser {
 public:
  WindowParser(std::string_view text, std::size_t begin, const std::string& where,
               PicksColumns& columns, std::size_t window, std::vector<std::size_t>* begins)
      : text_(text),
        at_(begin),
        where_(where),
        columns_(columns),
        first_size_(window),
        begins_(begins) {}

  // The offset after the closing ']'.
  std::size_t parse() {
    std::size_t size = first_size_;
    while (!closed_) {
      const std::size_t before = at_;
      if (fill(size)) read_window();
      size = at_ > before ? first_size_ : 2 * size;
    }
    return at_;
  }

 private:
  // Step 1. False when the text of that size holds no '}'.
  bool fill(std::size_t size) {
    is_last_ = size >= text_.size() - at_;
    std::string_view part = text_.substr(at_, size);
    if (!is_last_) part = part.substr(0, part.rfind('}') + 1);
    used_ = part.size() + 2;
    buffer_.resize(used_ + window_padding);
    buffer_[0] = '[';
    std::memcpy(buffer_.data() + 1, part.data(), part.size());
    buffer_[used_ - 1] = ']';
    std::memset(buffer_.data() + used_, 0, window_padding);
    return is_last_ || !part.empty();
  }

  // Steps 2, 3 and 5. Moves at_ past what was read.
  void read_window() {
    const std::size_t begin = at_;
    const auto offset_of = [&](std::size_t place) { return begin + place - 1; };  // 1: the '['
    found_.clear();
    const WindowEnd end = reader_.read(std::string_view(buffer_).substr(0, used_), where_, is_last_,
                                       columns_, found_);
    if (begins_)
      for (const std::size_t place : found_) begins_->push_back(offset_of(place));
    if (end.at > 0) at_ = offset_of(end.at);
    const bool broken = end.how == WindowEnd::How::broken_off;
    if (broken && end.at > 0) {
      after_comma_ = text_[at_] == ']';  // what should be a point is the end: the comma is too many
    } else if (!broken && !found_.empty()) {
      after_comma_ = false;
    }
    if (broken && is_last_) fail(end.why);
    if (end.how == WindowEnd::How::all_read) go_on();
    if (end.how == WindowEnd::How::closed) close();
  }

  // All of the window was points: another one follows, or the end of the list.
  void go_on() {
    at_ = std::min(text_.find_first_not_of(" \t\n\r", at_), text_.size());
    if (at_ == text_.size()) fail("the text ends inside the list of points");
    if (text_[at_] != ',' && text_[at_] != ']') fail("expected ',' or ']' after a point");
    if (text_[at_++] == ',') {
      after_comma_ = true;
    } else {
      close();
    }
  }

  void close() {
    if (after_comma_) fail("expected a point after ','");
    closed_ = true;
  }

  [[noreturn]] void fail(const std::string& why) {
    fail_picks(where_,
               "points[" + std::to_string(columns_.size()) + "]: " + why + at_line(text_, at_));
  }

  std::string_view text_;
  std::size_t at_;  // where the next window begins
  const std::string& where_;
  PicksColumns& columns_;
  std::size_t first_size_;
  std::vector<std::size_t>* begins_;
  WindowReader reader_;
  std::vector<std::size_t> found_;  // where the points of the window begin in it
  std::string buffer_;
  std::size_t used_ = 0;      // '[', the part of the text in buffer_ and ']'
  bool is_last_ = false;      // the window holds all the rest of the text
  bool after_comma_ = false;  // at_ follows a ',' that is not in any window
  bool closed_ = false;
};

}  // namespace

std::size_t parse_points(std::string_view text, std::size_t begin, const std::string& where,
                         PicksColumns& columns, std::size_t window,
                         std::vector<std::size_t>* begins) {
  return WindowParser(text, begin, where, columns, window, begins).parse();
}

}  // namespace copick::model
