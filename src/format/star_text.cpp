#include "format/star_text.h"

#include <cmath>

#include <fmt/core.h>

#include <copick/error.h>

#include "base/number_text.h"

namespace copick::format::star {
namespace {

// Values that would read as something else when bare. A '#' inside one starts a comment for some
// readers.
bool needs_quotes(std::string_view value) {
  return value.empty() || value.find_first_of(" \t\v\f#") != std::string_view::npos ||
         std::string_view("_;'\"").find(value.front()) != std::string_view::npos ||
         value.starts_with("data_") || value.starts_with("loop_");
}

}  // namespace

void begin_file(std::string& out) { out += "# Created by copick\n\n\n"; }

void begin_table(std::string& out, std::string_view name, const std::vector<std::string>& columns) {
  out += fmt::format("data_{}\n\nloop_\n", name);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    out += fmt::format("_{} #{}\n", columns[i], i + 1);
  }
}

void end_table(std::string& out) { out += "\n\n"; }

void append_text(std::string& out, std::string_view value) {
  const bool one_line = value.find_first_of("\r\n") == std::string_view::npos;
  if (one_line && !needs_quotes(value)) {
    out += value;
    return;
  }
  for (const char quote : {'"', '\''}) {
    if (!one_line || value.find(quote) != std::string_view::npos) continue;
    out += quote;
    out += value;
    out += quote;
    return;
  }
  throw ValidationError({"write the STAR file", "",
                         fmt::format("'{}' cannot be quoted: it holds line ends or both kinds of "
                                     "quotes",
                                     value),
                         "rename it"});
}

void append_number(std::string& out, double value) {
  if (std::isfinite(value)) {
    out += base::fixed(value, 6);
  } else {
    out += std::isnan(value) ? "<NA>" : value > 0 ? "inf" : "-inf";
  }
}

}  // namespace copick::format::star
