#include "ome/multiscale.h"

#include <algorithm>
#include <array>
#include <utility>

namespace copick::ome {

namespace {

// The length units of OME-NGFF, as UDUNITS-2 names them, in angstrom.
constexpr std::array<std::pair<std::string_view, double>, 26> kUnits{{
    {"angstrom", 1.0},     {"attometer", 1e-8},  {"centimeter", 1e8},   {"decimeter", 1e9},
    {"exameter", 1e28},    {"femtometer", 1e-5}, {"foot", 3.048e9},     {"gigameter", 1e19},
    {"hectometer", 1e12},  {"inch", 2.54e8},     {"kilometer", 1e13},   {"megameter", 1e16},
    {"meter", 1e10},       {"micrometer", 1e4},  {"mile", 1.609e13},    {"millimeter", 1e7},
    {"nanometer", 1e1},    {"parsec", 3.086e26}, {"petameter", 1e25},   {"picometer", 1e-2},
    {"terameter", 1e22},   {"yard", 9.144e9},    {"yoctometer", 1e-14}, {"yottameter", 1e34},
    {"zeptometer", 1e-11}, {"zettameter", 1e31},
}};

}  // namespace

double unit_in_angstrom(std::string_view unit) {
  const auto known = std::find_if(kUnits.begin(), kUnits.end(),
                                  [&](const auto& entry) { return entry.first == unit; });
  return known == kUnits.end() ? 1.0 : known->second;
}

}  // namespace copick::ome
