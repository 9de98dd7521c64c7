// Arguments: what was typed, checked against a Command, before it means anything.
//
// Words become values of the declared type here, so that a verb never meets a number that is none.
// What a value means (which run, which file) is the verb's business. Parsing has no side effect but
// reading the environment variables the command names.
#pragma once

#include "frame/command.h"

#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace copick::cli {

// The command line breaks a rule of its command: exit code 2. `command` may be null (the program
// itself).
class UsageError : public std::runtime_error {
 public:
  explicit UsageError(const std::string& message, std::string command_path = {})
      : std::runtime_error(message), command_path_(std::move(command_path)) {}
  const std::string& command_path() const { return command_path_; }
  UsageError in(const std::string& command_path) const { return UsageError(what(), command_path); }

 private:
  std::string command_path_;  // "" until somebody knows: the program itself
};

class Arguments {
 public:
  bool wants_help() const { return wants_help_; }
  // Typed, or given by the environment.
  bool has(std::string_view name) const;
  bool flag(std::string_view name) const;
  std::string text(std::string_view name) const;  // "" when absent without fallback
  std::optional<std::string> maybe_text(std::string_view name) const;
  std::optional<double> number(std::string_view name) const;
  std::optional<std::int64_t> integer(std::string_view name) const;
  std::vector<std::string> texts(std::string_view name) const;

 private:
  friend class Parser;
  std::map<std::string, std::vector<std::string>, std::less<>> typed_;
  std::map<std::string, std::string, std::less<>> fallback_;
  bool wants_help_ = false;
};

// Throws UsageError, in the words of the reference's parser.
Arguments parse_arguments(const Command& command, const std::vector<std::string>& words);

// The long name that stands for an option: "--create/--no-create" -> "create".
std::string key_of(const OptionSpec& option);
// Whole text as a number; nullopt for anything else.
std::optional<double> to_number(std::string_view text);
std::optional<std::int64_t> to_integer(std::string_view text);
// " Did you mean 'ribosome'?", or "" when no known name is near.
std::string near_name_hint(std::string_view wanted, const std::vector<std::string>& known);
}  // namespace copick::cli
