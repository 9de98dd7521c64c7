// The copick command. From words to an exit code:
//   1. The words are split into the program's own options, the verb and the rest.
//   2. The rest becomes Arguments by the verb's description; what breaks it is a usage error (exit
//   code 2).
//   3. The verb runs; an error of the library is printed with its place and its hint (exit code 1).
// A reader that closes the pipe is success. Nothing here opens a project.
#include "frame/context.h"
#include "frame/help.h"
#include "frame/limits.h"
#include "verbs/verbs.h"

#include <copick/environment.h>
#include <copick/error.h>
#include <copick/log.h>
#include <copick/mapping.h>
#include <copick/slab_source.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>

namespace copick::cli {

namespace {

constexpr int exit_done = 0, exit_failed = 1, exit_usage = 2;

using Words = std::vector<std::string>;

struct Verb {
  const Command* command = nullptr;  // null: `topic` alone was named
  const Topic* topic = nullptr;      // null: nothing was named
  Words rest;
};

// Options may stand before the verb; they are moved behind it, where they are looked at.
Verb split(const Words& words, const std::vector<Topic>& topics,
           const std::vector<Command>& commands) {
  Words before;
  std::size_t at = 0;
  while (at < words.size() && words[at].starts_with("-") && words[at] != "--help") {
    const bool takes_value = words[at] == "-c" || words[at] == "--config";
    if (!takes_value && words[at] != "--json" && words[at] != "-q" && words[at] != "--quiet" &&
        words[at] != "--debug" && !words[at].starts_with("--config=")) {
      throw UsageError("No such option '" + words[at] + "'.");
    }
    before.push_back(words[at++]);
    if (takes_value && at < words.size()) before.push_back(words[at++]);
  }
  Verb verb;
  if (at == words.size() || words[at] == "--help") {
    verb.rest.assign(words.begin() + static_cast<std::ptrdiff_t>(at), words.end());
    return verb;
  }
  const std::string& name = words[at++];
  const auto topic =
      std::find_if(topics.begin(), topics.end(), [&](const Topic& t) { return t.name == name; });
  if (topic == topics.end()) {
    Words known;
    for (const Topic& t : topics) known.push_back(t.name);
    throw UsageError("No such command '" + name + "'." + near_name_hint(name, known));
  }
  verb.topic = &*topic;
  const auto find = [&](const std::string& wanted) {
    const auto found = std::find_if(commands.begin(), commands.end(),
                                    [&](const Command& c) { return c.path == wanted; });
    return found == commands.end() ? nullptr : &*found;
  };
  verb.command = find(name);
  if (!verb.command && at < words.size() && !words[at].starts_with("-")) {
    verb.command = find(name + " " + words[at]);
    if (!verb.command) {
      Words known;
      for (const Command& c : commands)
        if (c.path.starts_with(name + " ")) known.push_back(c.path.substr(name.size() + 1));
      throw UsageError("No such command '" + words[at] + "'." + near_name_hint(words[at], known),
                       name);
    }
    ++at;
  }
  verb.rest = before;
  verb.rest.insert(verb.rest.end(), words.begin() + static_cast<std::ptrdiff_t>(at), words.end());
  return verb;
}

// Help without being asked goes to standard error: a script that forgot the words must not take it
// for a result.
int show_help(const std::string& text, bool asked, Results& results, Messages& messages) {
  if (!asked) {
    messages.plain(text.substr(0, text.find_last_not_of('\n') + 1));
    return exit_usage;
  }
  results.write(text);
  return exit_done;
}

void listen(Messages& messages, bool debug) {
  set_log_sink([&messages, debug](LogLevel level, std::string_view text) {
    if (level == LogLevel::warning)
      messages.warning(text);
    else if (debug)
      messages.plain(text);
  });
}

int run_command(const Command& command, const Words& rest, Results& results, Messages& messages) {
  const bool needs_words = std::any_of(command.arguments.begin(), command.arguments.end(),
                                       [](const auto& a) { return a.required; });
  if (rest.empty() && needs_words)
    return show_help(command_help(command), false, results, messages);
  const Arguments arguments = parse_arguments(command, rest);
  if (arguments.wants_help()) return show_help(command_help(command), true, results, messages);
  messages.set_quiet(arguments.flag("quiet"));
  listen(messages, arguments.flag("debug"));
  Context context(command, arguments, results, messages);
  try {
    apply_limits(arguments);
    return command.run(context);
  } catch (const UsageError& error) { throw error.in(command.path); }
}

int run_words(const Words& words, Results& results, Messages& messages) {
  const std::vector<Topic> topics = all_topics();
  const std::vector<Command> commands = all_commands();
  try {
    if (!words.empty() && words[0] == "--version") {
      results.line("copick " COPICK_VERSION);
      return exit_done;
    }
    const Verb verb = split(words, topics, commands);
    if (verb.command) return run_command(*verb.command, verb.rest, results, messages);
    const bool asked = std::find(verb.rest.begin(), verb.rest.end(), "--help") != verb.rest.end();
    if (verb.topic) return show_help(group_help(*verb.topic, commands), asked, results, messages);
    return show_help(program_help(topics), asked, results, messages);
  } catch (const UsageError& error) {
    const std::string& path = error.command_path();
    const auto command = std::find_if(commands.begin(), commands.end(),
                                      [&](const auto& c) { return c.path == path; });
    messages.plain((command != commands.end() ? usage_line(*command) : group_usage_line(path)) +
                   "Try 'copick " + path + (path.empty() ? "" : " ") +
                   "--help' for help.\n\nError: " + error.what());
    return exit_usage;
  }
}

int guarded(const Words& words) {
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is met where it is written to
  Results results;
  Messages messages;
  int code = exit_failed;
  try {
    code = run_words(words, results, messages);
    results.flush();
  } catch (const ClosedPipe&) { code = exit_done; } catch (const std::exception& error) {
    messages.error(error.what());
    code = exit_failed;
  }
  set_log_sink({});
  return code;
}

}  // namespace

}  // namespace copick::cli

int main(int argc, char** argv) {
  copick::map_files();
  copick::use_environment([](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
  });
  if (const char* folder = std::getenv("TMPDIR")) copick::set_temporary_folder(folder);
  return copick::cli::guarded({argv + 1, argv + argc});
}
