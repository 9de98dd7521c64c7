// Match: a condition on a name, for get_* filters.
//
//   run.get_picks({.object = "ribosome"});                 // exactly
//   run.get_picks({.user = {"alice", "bob"}});             // one of
//   run.get_picks({.session = Match::glob("2026-*")});     // shell pattern, whole name
//   run.get_picks({.object = Match::regex("ribo|prot")});  // at the start, as Python's re.match
//   run.get_picks({.object = Match::parse("re:ribo.*")});  // as typed: "re:" regex, *?[ pattern
//
// A default Match accepts everything. All of them look at case. Shell patterns know * ? [seq] and
// [!seq], as Python's fnmatchcase. Regular expressions are ECMAScript's, over bytes and without
// back-references; in exchange no pattern can take long.
//
// Errors: ValidationError for a faulty regular expression when the Match is made, and when it or a
// name it is asked about has more than 1,000 bytes.
// Threads: a value type.
#pragma once

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace copick {

class Match {
 public:
  Match() = default;
  Match(const char* exact) : Match(std::string(exact)) {}
  Match(std::string exact) : names_{std::move(exact)}, mode_(Mode::one_of) {}
  Match(std::initializer_list<std::string> names) : names_(names), mode_(Mode::one_of) {}
  Match(std::vector<std::string> names) : names_(std::move(names)), mode_(Mode::one_of) {}
  static Match glob(std::string pattern);
  static Match regex(std::string pattern);
  static Match parse(std::string_view typed);

  bool accepts_all() const { return mode_ == Mode::any; }
  bool operator()(std::string_view name) const;
  // Of a regex: looks for it anywhere in `name`, as Python's re.search, and gives what its first
  // group caught (without a group, all it matched). nullopt: not there.
  std::optional<std::string> first_group(std::string_view name) const;

 private:
  enum class Mode { any, one_of, glob, regex };
  struct Regex;                     // hides <regex>
  std::vector<std::string> names_;  // one_of: the names; glob, regex: the one pattern
  Mode mode_ = Mode::any;
  std::shared_ptr<const Regex> regex_;
};

}  // namespace copick
