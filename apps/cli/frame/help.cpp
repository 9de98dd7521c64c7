#include "frame/help.h"

#include "frame/table.h"     // shown_width
#include "frame/terminal.h"  // terminal_width

#include <algorithm>

#include <fmt/core.h>

namespace copick::cli {

namespace {

constexpr std::size_t widest_screen = 100;
constexpr std::size_t widest_term = 30;  // longer ones stand on a line of their own

struct Definition {
  std::string term;
  std::string text;
};

std::string wrapped(const std::string& text, std::size_t indent, std::size_t width) {
  const std::string margin(indent, ' ');
  std::string out, line;
  std::size_t at = 0;
  while (at < text.size()) {
    const auto end = std::min(text.find(' ', at), text.size());
    const std::string word = text.substr(at, end - at);
    at = end + 1;
    if (word.empty()) continue;
    if (!line.empty() && indent + shown_width(line) + 1 + shown_width(word) > width) {
      out += margin + line + "\n";
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
  }
  return line.empty() ? out : out + margin + line + "\n";
}

// Paragraphs are wrapped; lines that begin with blanks (examples) are kept as they are.
std::string paragraphs(const std::string& text, std::size_t width) {
  std::string out, paragraph;
  const auto finish = [&] {
    out += wrapped(paragraph, 2, width);
    paragraph.clear();
  };
  std::size_t at = 0;
  while (at < text.size()) {
    const auto end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    at = end + 1;
    if (line.empty() || line[0] == ' ') {
      finish();
      out += (line.empty() ? "" : "  " + line) + "\n";
    } else {
      paragraph += (paragraph.empty() ? "" : " ") + line;
    }
  }
  finish();
  return out;
}

std::string definitions(const std::vector<Definition>& list, std::size_t width) {
  std::size_t column = 0;
  for (const Definition& item : list) {
    if (shown_width(item.term) <= widest_term) column = std::max(column, shown_width(item.term));
  }
  column += 4;
  std::string out;
  for (const Definition& item : list) {
    const std::string term = "  " + item.term;
    const std::string text = wrapped(item.text, column, width);
    if (shown_width(term) + 2 > column)
      out += term + "\n" + text;
    else
      out += term + text.substr(std::min(shown_width(term), text.size()));
    if (text.empty()) out += "\n";
  }
  return out;
}

std::string metavar_of(const OptionSpec& option) {
  if (option.value == Value::flag) return "";
  if (!option.metavar.empty()) return option.metavar;
  if (!option.choices.empty()) {
    std::string joined;
    for (const std::string& choice : option.choices)
      joined += (joined.empty() ? "[" : "|") + choice;
    return joined + "]";
  }
  switch (option.value) {
    case Value::integer:
      return "INTEGER";
    case Value::number:
      return "FLOAT";
    case Value::existing_file:
      return "PATH";
    default:
      return "TEXT";
  }
}

Definition definition_of(const OptionSpec& option) {
  std::string term = option.names;
  if (const auto slash = term.find('/'); slash != std::string::npos) term.replace(slash, 1, " / ");
  const std::string metavar = metavar_of(option);
  if (!metavar.empty()) term += " " + metavar;
  std::string text = option.help;
  if (!option.environment.empty()) text += " [env var: " + option.environment + "]";
  if (!option.fallback.empty()) text += " [default: " + option.fallback + "]";
  if (option.required) text += " [required]";
  return {term, text};
}

std::string spelt(const ArgumentSpec& argument) {
  std::string choices;
  for (const std::string& choice : argument.choices)
    choices.append(choices.empty() ? "" : "|").append(choice);
  std::string name = choices.empty() ? argument.name : fmt::format("{{{}}}", choices);
  if (argument.repeatable) name += "...";
  return argument.required ? name : fmt::format("[{}]", name);
}

std::size_t screen_width() { return terminal_width(widest_screen); }

}  // namespace

std::string usage_line(const Command& command) {
  std::string line = "Usage: copick " + command.path + " [OPTIONS]";
  for (const ArgumentSpec& argument : command.arguments) line.append(" ").append(spelt(argument));
  return line + "\n";
}

std::string command_help(const Command& command) {
  const std::size_t width = screen_width();
  std::string out = usage_line(command) + "\n" + wrapped(command.summary, 2, width);
  if (!command.details.empty()) out.append("\n").append(paragraphs(command.details, width));
  out += "\nOptions:\n";
  std::vector<Definition> list;
  for (const OptionSpec& option : command.options) list.push_back(definition_of(option));
  list.push_back({"--help", "Show this message and exit."});
  return out + definitions(list, width);
}

std::string group_usage_line(const std::string& group) {
  return "Usage: copick " + (group.empty() ? "" : group + " ") + "[OPTIONS] COMMAND [ARGS]...\n";
}

std::string group_help(const Topic& group, const std::vector<Command>& commands) {
  const std::size_t width = screen_width();
  std::string out = group_usage_line(group.name) + "\n" + wrapped(group.summary, 2, width);
  out += "\nOptions:\n" + definitions({{"--help", "Show this message and exit."}}, width) +
         "\nCommands:\n";
  std::vector<Definition> list;
  const std::string prefix = group.name + " ";
  for (const Command& command : commands)
    if (command.path.starts_with(prefix))
      list.push_back({command.path.substr(prefix.size()), command.summary});
  return out + definitions(list, width);
}

std::string program_help(const std::vector<Topic>& topics) {
  const std::size_t width = screen_width();
  std::string out = group_usage_line("") + "\n";
  out += wrapped(
      "Read, write and look at cryo-electron-tomography projects: tomograms, segmentations, picks, "
      "meshes "
      "and filaments.",
      2, width);
  out += "\nOptions:\n" + definitions({{"--version", "Show the version and exit."},
                                       {"--help", "Show this message and exit."}},
                                      width);
  std::vector<Definition> list;
  for (std::size_t i = 0; i < topics.size(); ++i) {
    list.push_back({topics[i].name, topics[i].summary});
    if (i + 1 < topics.size() && topics[i + 1].category == topics[i].category) continue;
    out += "\n" + topics[i].category + ":\n" + definitions(list, width);
    list.clear();
  }
  return out;
}

}  // namespace copick::cli
