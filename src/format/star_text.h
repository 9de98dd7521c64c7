// Writing STAR text: the layout of the starfile package, which RELION, starfile and we all read.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace copick::format::star {

// The comment line that opens a file.
void begin_file(std::string& out);
// "data_<name>", "loop_" and the numbered column names; rows follow.
void begin_table(std::string& out, std::string_view name, const std::vector<std::string>& columns);
void end_table(std::string& out);
// A value, quoted where it must be. ValidationError for text STAR cannot hold on one line.
void append_text(std::string& out, std::string_view value);
// Six decimals; "<NA>" for NaN.
void append_number(std::string& out, double value);

}  // namespace copick::format::star
