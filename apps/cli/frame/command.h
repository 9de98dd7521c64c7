// Command: one verb of the program, as data: its name, its options, its help and the function that
// runs it.
//
// Parsing, usage errors and help are all made from this one description, so they cannot disagree.
//
//   Command{.path = "new run", .summary = "Create an empty run.",
//           .arguments = {{.name = "NAME"}},
//           .options = {{.names = "--overwrite/--no-overwrite", .fallback = "no-overwrite", .help =
//           "..."}}, .run = run_new_run}
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace copick::cli {

class Context;

enum class Value { flag, text, integer, number, existing_file };

// An option is known to the code by its long name without dashes: "voxel-size". A pair "--x/--no-x"
// is known as "x".
struct OptionSpec {
  std::string names;  // "-r, --run-names" or "--create/--no-create"
  Value value = Value::flag;
  std::string metavar = {};  // "" = by value: TEXT, INTEGER, FLOAT, FILE
  std::vector<std::string> choices =
      {};                     // compared without regard to case, normalised to this spelling
  std::string fallback = {};  // used and shown when the option is absent
  std::string help = {};
  bool required = false;
  bool repeatable = false;
  std::string environment = {};  // a variable that stands in for the option
};

struct ArgumentSpec {
  std::string name;  // "PATH"
  std::vector<std::string> choices = {};
  bool required = true;
  bool repeatable = false;  // the last one only
};

struct Command {
  std::string path;          // "add tomogram"
  std::string summary;       // one line, for lists
  std::string details = {};  // paragraphs, as they are shown
  std::vector<ArgumentSpec> arguments = {};
  std::vector<OptionSpec> options = {};
  std::function<int(Context&)> run = {};  // the exit code: 0 done, 1 something failed
};

// "add": words that hold commands, and single-word commands, in the order of the help.
struct Topic {
  std::string category;
  std::string name;
  std::string summary;
};

// Options that several verbs share.
OptionSpec config_option();
std::vector<OptionSpec> common_options();  // of every verb: --json, --quiet, --debug, --help
OptionSpec run_names_option();             // -r, --run-names, repeatable
OptionSpec overwrite_option();
OptionSpec create_option();
OptionSpec workers_option();
std::vector<OptionSpec> computing_options();  // --threads, --memory
std::vector<OptionSpec> user_session_options();
std::vector<OptionSpec> file_to_run_options();  // --run, --run-regex, --run-name-prefix
std::vector<OptionSpec> orientation_options();  // --transpose, --flip
std::vector<OptionSpec> storage_options();      // --zarr-format, --shards, --fsync

// Concatenation, for the lists above.
std::vector<OptionSpec> operator+(std::vector<OptionSpec> list, std::vector<OptionSpec> more);

}  // namespace copick::cli
