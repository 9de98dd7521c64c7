// The facts of tests/data/samples/formats/expected.json.
#pragma once

#include <copick/error.h>
#include <copick/json.h>
#include <copick/slab_source.h>

#include <string>
#include <vector>

#include "support/temp_dir.h"

namespace copick::test {

inline std::string format_sample(const std::string& name) {
  return std::string(COPICK_TEST_DATA) + "/samples/formats/" + name;
}

inline const Json& format_facts() {
  static const Json facts = [] {
    const std::string path = format_sample("expected.json");
    return *Json::parse(read_file(path), path).find("files");
  }();
  return facts;
}

inline std::vector<double> numbers(const Json& array) {
  std::vector<double> result;
  for (const Json& element : array.elements()) result.push_back(element.as_double());
  return result;
}

inline std::vector<std::int64_t> integers(const Json& array) {
  std::vector<std::int64_t> result;
  for (const Json& element : array.elements()) result.push_back(element.as_int64());
  return result;
}

inline AnyArray read_all(SlabSource& source) {
  AnyArray volume(source.dtype(), source.shape());
  source.read_slab(0, source.shape()[0], volume.view());
  return volume;
}

// The facts of the error of type E that `call` throws, in one text; "" when it throws none.
template <typename E, typename Call>
std::string error_of(const Call& call) {
  try {
    call();
  } catch (const E& error) { return error.what(); }
  return "";
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace copick::test
