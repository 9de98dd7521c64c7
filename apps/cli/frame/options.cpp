// The options that several verbs share, spelt as the reference spells them.
#include "frame/command.h"

namespace copick::cli {

std::vector<OptionSpec> operator+(std::vector<OptionSpec> list, std::vector<OptionSpec> more) {
  for (OptionSpec& option : more) list.push_back(std::move(option));
  return list;
}

OptionSpec config_option() {
  return {.names = "-c, --config",
          .value = Value::existing_file,
          .help = "Path to the configuration file.",
          .environment = "COPICK_CONFIG"};
}

std::vector<OptionSpec> common_options() {
  return {{.names = "--json", .help = "Print JSON, and nothing else, on standard output."},
          {.names = "-q, --quiet", .help = "No progress and no remarks, only warnings and errors."},
          {.names = "--debug/--no-debug",
           .fallback = "no-debug",
           .help = "Show what the library remarks."}};
}

OptionSpec run_names_option() {
  return {.names = "-r, --run-names",
          .value = Value::text,
          .help =
              "Names of the runs to look at. Repeatable; a comma separates names too. Default: all "
              "runs.",
          .repeatable = true};
}

OptionSpec overwrite_option() {
  return {.names = "--overwrite/--no-overwrite",
          .fallback = "no-overwrite",
          .help = "Replace what exists already."};
}

OptionSpec create_option() {
  return {.names = "--create/--no-create",
          .fallback = "create",
          .help = "Make the run when it does not exist."};
}

OptionSpec workers_option() {
  return {.names = "--max-workers",
          .value = Value::integer,
          .fallback = "4",
          .help = "How many files are worked on at a time."};
}

std::vector<OptionSpec> computing_options() {
  return {{.names = "--threads",
           .value = Value::integer,
           .help = "How many threads compute. Default: the processors this process may use.",
           .environment = "COPICK_THREADS"},
          {.names = "--memory",
           .value = Value::text,
           .metavar = "SIZE",
           .help = "What data in flight may take, such as 512M or 2G. Default: 256M, at most a "
                   "quarter of the memory."}};
}

std::vector<OptionSpec> user_session_options() {
  return {{.names = "--user-id",
           .value = Value::text,
           .fallback = "copick",
           .help = "User ID for the annotation."},
          {.names = "--session-id",
           .value = Value::text,
           .fallback = "1",
           .help = "Session ID for the annotation."}};
}

std::vector<OptionSpec> file_to_run_options() {
  return {{.names = "--run",
           .value = Value::text,
           .help = "Name of the run. Without it, the name of the file without extension; ignored "
                   "for several files."},
          {.names = "--run-regex",
           .value = Value::text,
           .fallback = "(.*)",
           .help = "Regular expression searched in the file's name without extension; its first "
                   "group is the run."},
          {.names = "--run-name-prefix",
           .value = Value::text,
           .help = "Put before the name that --run-regex found."}};
}

std::vector<OptionSpec> orientation_options() {
  return {{.names = "--transpose",
           .value = Value::text,
           .help = "New order of the axes: '2,1,0' reverses z, y, x; '0,2,1' swaps y and x. Moving "
                   "z takes the whole "
                   "volume into memory."},
          {.names = "--flip",
           .value = Value::text,
           .help = "Axes to reverse, after --transpose: '0' for z, '0,2' for z and x."}};
}

std::vector<OptionSpec> storage_options() {
  return {
      {.names = "--zarr-format",
       .value = Value::text,
       .choices = {"2", "3", "keep"},
       .fallback = "keep",
       .help = "Zarr version to write. 'keep' is that of what is replaced, else the project's, "
               "else 2, which "
               "every reader knows."},
      {.names = "--shards",
       .value = Value::text,
       .metavar = "[auto|level|Z,Y,X]",
       .fallback = "auto",
       .help = "Zarr 3: how much one file holds. Any later change rewrites that file: 'auto' is "
               "at most 64 MB; 'level' is a whole level, as Python writes it."},
      {.names = "--fsync/--no-fsync",
       .fallback = "fsync",
       .help = "Flush to the disk before the result becomes visible. Without it a power cut "
               "may lose it."}};
}

}  // namespace copick::cli
