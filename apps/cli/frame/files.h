// Files named on the command line, and the runs they go to.
#pragma once

#include "frame/context.h"

#include <string>
#include <vector>

namespace copick::cli {

// Words as files: - is standard input; a word that is no file and holds * ? or [ is expanded like a shell would.
// UsageError when it matches nothing.
std::vector<std::string> expand_files(const std::vector<std::string>& words);

struct FileAndRun {
  std::string path;
  std::string run;
};
// --run, --run-regex, --run-name-prefix for each file. Files whose name the expression does not
// fit, and files of a run that another file took already, are left out with a warning.
std::vector<FileAndRun> assign_runs(Context& context, const std::vector<std::string>& paths);

// Runs `work` for items 0..count-1 on --max-workers threads.
void work_in_parallel(const Context& context, std::size_t count,
                      const std::function<void(std::size_t)>& work);

}  // namespace copick::cli
