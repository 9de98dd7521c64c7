#include "frame/files.h"

#include <copick/ops.h>

#include <glob.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <set>
#include <thread>

namespace copick::cli {

namespace {

constexpr const char* kStandardInput = "/dev/stdin";

}  // namespace

std::vector<std::string> expand_files(const std::vector<std::string>& words) {
  std::vector<std::string> files;
  for (const std::string& word : words) {
    std::error_code ignored;
    if (word == "-") {
      files.emplace_back(kStandardInput);
      continue;
    }
    if (word.find_first_of("*?[") == std::string::npos || std::filesystem::exists(word, ignored)) {
      files.push_back(word);
      continue;
    }
    glob_t found{};
    const int outcome = glob(word.c_str(), 0, nullptr, &found);
    for (std::size_t i = 0; outcome == 0 && i < found.gl_pathc; ++i)
      files.emplace_back(found.gl_pathv[i]);
    globfree(&found);
    if (outcome != 0) throw UsageError("No files found matching pattern: " + word);
  }
  return files;
}

std::vector<FileAndRun> assign_runs(Context& context, const std::vector<std::string>& paths) {
  RunNaming naming{context.args.text("run"), context.args.text("run-regex"),
                   context.args.text("run-name-prefix")};
  if (paths.size() > 1 && !naming.run.empty()) {
    context.messages.warning(
        "--run is ignored: there are several files. Each goes to the run of its name.");
    naming.run.clear();
  }
  if (naming.run.empty() && std::count(paths.begin(), paths.end(), kStandardInput) > 0)
    context.refuse("Standard input has no name: say which run with --run.");
  std::vector<FileAndRun> assigned;
  std::set<std::string> taken;
  for (const std::string& path : paths) {
    const auto run = run_name_of(path, naming);
    if (!run) {
      context.messages.warning("skipped " + path + ": its name does not fit '" + naming.regex +
                               "'");
    } else if (!taken.insert(*run).second) {
      context.messages.warning("skipped " + path + ": another file is going to run '" + *run +
                               "' already");
    } else {
      assigned.push_back({path, *run});
    }
  }
  return assigned;
}

void work_in_parallel(const Context& context, std::size_t count,
                      const std::function<void(std::size_t)>& work) {
  const std::int64_t asked = context.args.integer("max-workers").value_or(1);
  if (asked < 1)
    context.refuse("Invalid value for '--max-workers': " + std::to_string(asked) +
                   " is less than 1.");
  std::atomic<std::size_t> next{0};
  const auto take = [&] {
    for (std::size_t i = next++; i < count; i = next++) work(i);
  };
  std::vector<std::jthread> helpers;
  for (std::size_t i = 1; i < std::min(count, static_cast<std::size_t>(asked)); ++i)
    helpers.emplace_back(take);
  take();
}

}  // namespace copick::cli
