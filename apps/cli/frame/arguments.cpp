#include "frame/arguments.h"

#include <copick/ops.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdlib>
#include <filesystem>

namespace copick::cli {

namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

std::vector<std::string> spellings(const OptionSpec& option) {
  std::vector<std::string> names;
  std::string name;
  for (const char c : option.names + ",") {
    if (c == ',' || c == '/' || c == ' ') {
      if (!name.empty()) names.push_back(std::move(name));
      name.clear();
    } else {
      name += c;
    }
  }
  return names;
}

bool is_pair(const OptionSpec& option) { return option.names.find('/') != std::string::npos; }

std::string shown(const OptionSpec& option) {
  std::string text;
  for (const std::string& name : spellings(option))
    text += (text.empty() ? "'" : " / '") + name + "'";
  if (!option.environment.empty()) text += " (env var: '" + option.environment + "')";
  return text;
}

std::string quoted_list(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "'" : ", '") + name + "'";
  return text;
}

std::string checked_choice(const std::vector<std::string>& choices, const std::string& value,
                           const std::string& what) {
  for (const std::string& choice : choices)
    if (lower(choice) == lower(value)) return choice;
  throw UsageError("Invalid value for " + what + ": '" + value + "' is not one of " +
                   quoted_list(choices) + ".");
}

// The value as it is kept: checked, choices in their listed spelling.
std::string checked(const OptionSpec& option, const std::string& value) {
  const auto refuse = [&](const std::string& why) {
    throw UsageError("Invalid value for " + shown(option) + ": " + why);
  };
  if (!option.choices.empty()) return checked_choice(option.choices, value, shown(option));
  if (option.value == Value::number && !to_number(value))
    refuse("'" + value + "' is not a valid float.");
  if (option.value == Value::integer && !to_integer(value))
    refuse("'" + value + "' is not a valid integer.");
  if (option.value == Value::existing_file) {
    std::error_code error;
    if (!std::filesystem::exists(value, error)) {
      refuse("Path '" + value +
             (error ? "' cannot be looked at: " + error.message() + "." : "' does not exist."));
    }
  }
  return value;
}

}  // namespace

// Walks over the words once; `word_` is the next one to be looked at.
class Parser {
 public:
  Parser(const Command& command, const std::vector<std::string>& words)
      : command_(command), words_(words) {}

  Arguments parse() {
    while (next_ < words_.size()) {
      const std::string& word = words_[next_++];
      if (options_end_ || word.size() < 2 || word[0] != '-')
        positional_.push_back(word);
      else if (word == "--")
        options_end_ = true;
      else if (word.starts_with("--"))
        long_option(word);
      else
        short_options(word);
    }
    if (arguments_.wants_help_) return std::move(arguments_);
    take_environment();
    take_fallbacks();
    take_positional();
    return std::move(arguments_);
  }

 private:
  const OptionSpec* find(std::string_view spelling) const {
    for (const OptionSpec& option : command_.options)
      for (const std::string& name : spellings(option))
        if (name == spelling) return &option;
    return nullptr;
  }

  [[noreturn]] void refuse_unknown(const std::string& name) const {
    std::vector<std::string> known{"--help"};
    for (const OptionSpec& option : command_.options)
      for (const std::string& spelling : spellings(option))
        if (spelling.starts_with("--")) known.push_back(spelling);
    throw UsageError("No such option '" + name + "'." + near_name_hint(name, known));
  }

  void long_option(const std::string& word) {
    const auto equals = word.find('=');
    const std::string name = word.substr(0, equals);
    if (name == "--help") {
      arguments_.wants_help_ = true;
      return;
    }
    const OptionSpec* option = find(name);
    if (!option) refuse_unknown(name);
    if (option->value == Value::flag) {
      if (equals != std::string::npos)
        throw UsageError("Option '" + name + "' does not take a value.");
      set_flag(*option, name);
    } else if (equals != std::string::npos) {
      set(*option, word.substr(equals + 1));
    } else {
      set(*option, following(name));
    }
  }

  // "-q", "-rTS_001", "-r TS_001", and flags joined: "-ql".
  void short_options(const std::string& word) {
    for (std::size_t i = 1; i < word.size(); ++i) {
      const std::string name = std::string("-") + word[i];
      const OptionSpec* option = find(name);
      if (!option) refuse_unknown(name);
      if (option->value == Value::flag) {
        set_flag(*option, name);
        continue;
      }
      set(*option, i + 1 < word.size() ? word.substr(i + 1) : following(name));
      return;
    }
  }

  std::string following(const std::string& name) {
    if (next_ == words_.size()) throw UsageError("Option '" + name + "' requires an argument.");
    return words_[next_++];
  }

  void set_flag(const OptionSpec& option, const std::string& name) {
    const bool negative = is_pair(option) && name == spellings(option).back();
    arguments_.typed_[key_of(option)] = {negative ? "no" : "yes"};
  }

  void set(const OptionSpec& option, const std::string& value) {
    std::vector<std::string>& values = arguments_.typed_[key_of(option)];
    if (!option.repeatable) values.clear();
    values.push_back(checked(option, value));
  }

  void take_environment() {
    for (const OptionSpec& option : command_.options) {
      if (option.environment.empty() || arguments_.has(key_of(option))) continue;
      const char* value = std::getenv(option.environment.c_str());
      if (value && *value) set(option, value);
    }
  }

  void take_fallbacks() {
    for (const OptionSpec& option : command_.options) {
      const std::string key = key_of(option);
      if (!option.fallback.empty()) arguments_.fallback_[key] = option.fallback;
      if (option.required && !arguments_.has(key)) {
        throw UsageError("Missing option " + shown(option) + ".");
      }
    }
  }

  void take_positional() {
    std::size_t taken = 0;
    for (const ArgumentSpec& argument : command_.arguments) {
      if (taken == positional_.size()) {
        if (argument.required) throw UsageError("Missing argument '" + argument.name + "'.");
        continue;
      }
      std::vector<std::string>& values = arguments_.typed_[argument.name];
      do {
        std::string value = positional_[taken++];
        if (!argument.choices.empty())
          value = checked_choice(argument.choices, value, "'" + argument.name + "'");
        values.push_back(std::move(value));
      } while (argument.repeatable && taken < positional_.size());
    }
    if (taken == positional_.size()) return;
    std::string extra;
    for (std::size_t i = taken; i < positional_.size(); ++i)
      extra += (i > taken ? " " : "") + positional_[i];
    throw UsageError(std::string("Got unexpected extra argument") +
                     (positional_.size() - taken > 1 ? "s" : "") + " (" + extra + ")");
  }

  const Command& command_;
  const std::vector<std::string>& words_;
  std::size_t next_ = 0;
  bool options_end_ = false;
  std::vector<std::string> positional_;
  Arguments arguments_;
};

Arguments parse_arguments(const Command& command, const std::vector<std::string>& words) {
  try {
    return Parser(command, words).parse();
  } catch (const UsageError& error) { throw error.in(command.path); }
}

bool Arguments::has(std::string_view name) const { return typed_.find(name) != typed_.end(); }

std::vector<std::string> Arguments::texts(std::string_view name) const {
  if (const auto found = typed_.find(name); found != typed_.end()) return found->second;
  if (const auto found = fallback_.find(name); found != fallback_.end()) return {found->second};
  return {};
}

std::optional<std::string> Arguments::maybe_text(std::string_view name) const {
  const std::vector<std::string> values = texts(name);
  return values.empty() ? std::nullopt : std::optional<std::string>(values.back());
}

std::string Arguments::text(std::string_view name) const { return maybe_text(name).value_or(""); }

bool Arguments::flag(std::string_view name) const {
  if (const auto found = typed_.find(name); found != typed_.end())
    return found->second.back() == "yes";
  const auto fallback = fallback_.find(name);
  return fallback != fallback_.end() && !fallback->second.starts_with("no-");
}

std::optional<double> Arguments::number(std::string_view name) const {
  const auto typed = maybe_text(name);
  return typed ? to_number(*typed) : std::nullopt;
}

std::optional<std::int64_t> Arguments::integer(std::string_view name) const {
  const auto typed = maybe_text(name);
  return typed ? to_integer(*typed) : std::nullopt;
}

std::string key_of(const OptionSpec& option) {
  const std::vector<std::string> names = spellings(option);
  const auto name =
      std::find_if(names.begin(), names.end(), [](const auto& n) { return n.starts_with("--"); });
  return name->substr(2);
}

std::string near_name_hint(std::string_view wanted, const std::vector<std::string>& known) {
  std::string hint = near_name(wanted, known);
  if (hint.empty()) return hint;
  hint[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(hint[0])));
  return " " + hint;
}

std::optional<double> to_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::int64_t> to_integer(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace copick::cli
