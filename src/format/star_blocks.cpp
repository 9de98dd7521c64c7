// STAR files as tables of text, and the tomograms table of RELION.
#include <fmt/core.h>

#include <copick/error.h>

#include "format/points.h"
#include "format/star_columns.h"
#include "format/star_text.h"

namespace copick::format {
namespace {

constexpr const char* kReadTomograms = "read the tomograms STAR file";

std::vector<std::string> copies(const std::vector<std::string_view>& texts) {
  return {texts.begin(), texts.end()};
}

void append_single_values(std::string& out, const StarBlock& block) {
  out += fmt::format("data_{}\n\n", block.name);
  for (std::size_t i = 0; i < block.columns.size(); ++i) {
    out += fmt::format("_{}\t\t\t", block.columns[i]);
    star::append_text(out, block.rows.at(0).at(i));
    out += '\n';
  }
}

void append_rows(std::string& out, const StarBlock& block) {
  star::begin_table(out, block.name, block.columns);
  for (const auto& row : block.rows) {
    if (row.size() != block.columns.size()) {
      throw ValidationError({"write the STAR file", "",
                             fmt::format("a row of data_{} has {} values; expected {}", block.name,
                                         row.size(), block.columns.size()),
                             ""});
    }
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) out += '\t';
      star::append_text(out, row[i]);
    }
    out += '\n';
  }
}

// data_global of RELION 5, the first table of RELION 4.
const StarTable& tomogram_table(const std::vector<StarTable>& tables, const std::string& where) {
  const StarTable* first = nullptr;
  for (const StarTable& table : tables) {
    if (!table.loop) continue;
    if (table.block == "global") return table;
    if (!first) first = &table;
  }
  if (first) return *first;
  throw CorruptError({kReadTomograms, where, "it has no table", "expected a loop_ in data_global"});
}

}  // namespace

std::optional<std::size_t> StarBlock::column(std::string_view wanted) const {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i] == wanted) return i;
  }
  return std::nullopt;
}

std::vector<StarBlock> parse_star(std::string_view text, const std::string& where) {
  std::vector<StarBlock> blocks;
  for (const StarTable& table : scan_star(text, where)) {
    StarBlock& block = blocks.emplace_back();
    block.name = table.block;
    block.columns = copies(table.columns);
    block.loop = table.loop;
    const auto width = static_cast<std::ptrdiff_t>(table.columns.size());
    auto cell = table.cells.begin();
    for (std::size_t row = 0; row < table.rows(); ++row, cell += width) {
      block.rows.emplace_back(cell, cell + width);
    }
  }
  return blocks;
}

std::string write_star(const std::vector<StarBlock>& blocks) {
  std::string out;
  star::begin_file(out);
  for (const StarBlock& block : blocks) {
    if (block.loop) {
      append_rows(out, block);
    } else {
      append_single_values(out, block);
    }
    star::end_table(out);
  }
  return out;
}

std::map<std::string, StarTomogram> parse_star_tomograms(std::string_view text,
                                                         const std::string& where) {
  const std::vector<StarTable> tables = scan_star(text, where);
  const StarTable& table = tomogram_table(tables, where);
  const star::Columns columns(table, kReadTomograms, where);
  const std::size_t name = columns.required("rlnTomoName");
  const star::Triple size{columns.required("rlnTomoSizeX"), columns.required("rlnTomoSizeY"),
                          columns.required("rlnTomoSizeZ")};
  const std::size_t pixel_size = columns.required("rlnTomoTiltSeriesPixelSize");
  std::map<std::string, StarTomogram> tomograms;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    StarTomogram tomogram;
    const double pixel = columns.positive(row, pixel_size);
    const auto [x, y, z] = columns.numbers(row, size);
    tomogram.centre = {x / 2 * pixel, y / 2 * pixel, z / 2 * pixel};
    tomogram.tilt_series_pixel_size = pixel;
    const auto optional = [&](const char* column) -> std::optional<double> {
      const auto found = table.column(column);
      return found ? std::optional(columns.number(row, *found)) : std::nullopt;
    };
    tomogram.voltage = optional("rlnVoltage");
    tomogram.spherical_aberration = optional("rlnSphericalAberration");
    tomogram.amplitude_contrast = optional("rlnAmplitudeContrast");
    const std::string key(table.cell(row, name));
    if (!tomograms.emplace(key, tomogram).second) {
      throw CorruptError(
          {kReadTomograms, where,
           fmt::format("line {}: tomogram '{}' is listed twice", table.lines[row], key), ""});
    }
  }
  return tomograms;
}

std::map<std::string, Location> parse_star_centres(std::string_view text,
                                                   const std::string& where) {
  std::map<std::string, Location> centres;
  for (const auto& [name, tomogram] : parse_star_tomograms(text, where)) {
    centres.emplace(name, tomogram.centre);
  }
  return centres;
}

}  // namespace copick::format
