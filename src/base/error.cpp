#include <copick/error.h>

namespace copick {

namespace {

std::string message_of(const ErrorFacts& facts) {
  std::string text = "cannot " + facts.doing;
  if (!facts.why.empty()) text += ": " + facts.why;
  if (!facts.where.empty()) text += "\n  at     " + facts.where;
  if (!facts.hint.empty()) text += "\n  hint   " + facts.hint;
  return text;
}

}  // namespace

Error::Error(ErrorFacts facts) : std::runtime_error(message_of(facts)), facts_(std::move(facts)) {}

}  // namespace copick
