// Progress: one line at the bottom of the terminal for work that takes longer than a second.
//
//   ProgressLine line(messages, "TS_001.mrc");
//   options.progress = line.callback();           // any thread, any rate
//
// Nothing is drawn on anything but a terminal, nor with --quiet. The line goes when the object
// does.
#pragma once

#include "frame/terminal.h"

#include <copick/volume.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace copick::cli {

class ProgressLine {
 public:
  ProgressLine(Messages& messages, std::string label);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  // The work is one of `count` equal parts of the whole, number `index` (from 0); the parts may run
  // at the same time.
  Progress callback(std::size_t index = 0, std::size_t count = 1);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace copick::cli
