// Context: what a verb is given: its typed arguments, the two streams, and the project.
#pragma once

#include "frame/arguments.h"
#include "frame/terminal.h"

#include <copick/entities.h>
#include <copick/json.h>

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace copick::cli {

class Context {
 public:
  Context(const Command& command, const Arguments& arguments, Results& results_in,
          Messages& messages_in)
      : args(arguments), results(results_in), messages(messages_in), command_(command) {}

  const Arguments& args;
  Results& results;
  Messages& messages;

  bool json() const { return args.flag("json"); }
  // The project of -c / COPICK_CONFIG; UsageError without one.
  Root open_project() const;
  std::string config_path() const;
  // Says what was done: a line on standard output, nothing with --json or --quiet.
  void done(const std::string& line) const;
  void print_json(const Json& value) const { results.line(value.dump(2)); }
  [[noreturn]] void refuse(const std::string& message) const {
    throw UsageError(message, command_.path);
  }

 private:
  const Command& command_;
};

// Work on many items where one failure does not stop the rest: each is reported, the exit code
// remembers.
//
//   ItemReport report(context);
//   for (std::size_t i = 0; i < files.size(); ++i) report.run(i, [&] { return import(files[i]); });
//   return report.finish("file", "files");
//
// Threads: run may be called from several threads at once; order of the JSON is the order of
// `index`.
class ItemReport {
 public:
  explicit ItemReport(const Context& context) : context_(context) {}
  struct Done {
    std::string line;             // for people
    Json facts = Json::object();  // for --json
  };
  void run(std::size_t index, const std::function<Done()>& work);
  // Prints the results in order and says how many failed; gives the exit code.
  int finish(const std::string& one, const std::string& many);

 private:
  const Context& context_;
  std::mutex mutex_;
  std::map<std::size_t, Done> done_;
  std::size_t failed_ = 0;
};

}  // namespace copick::cli
