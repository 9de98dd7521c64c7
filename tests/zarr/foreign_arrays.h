// Arrays that zarr-python wrote (tests/data/zarr/make_arrays.py): stores in memory and what they
// hold.
#pragma once

#include "array/convert.h"
#include "support/temp_dir.h"
#include "zarr/array.h"

#include <copick/json.h>
#include <copick/store.h>

#include <complex>
#include <string>
#include <utility>
#include <vector>

namespace copick::test {

struct ForeignArray {
  std::string name;
  DType dtype = DType::float32;
  zarr::Box written;
  StorePtr store = memory_store();
  Shape shape;
};

inline Bytes from_hexadecimal(const std::string& text) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  Bytes bytes(text.size() / 2);
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes.data()[i] = static_cast<std::byte>(digit(text[2 * i]) * 16 + digit(text[2 * i + 1]));
  return bytes;
}

inline std::vector<ForeignArray> foreign_arrays(int zarr_format) {
  const std::string path =
      std::string(COPICK_TEST_DATA) + "/zarr/arrays_v" + std::to_string(zarr_format) + ".json";
  const Json document = Json::parse(read_file(path), path);
  std::vector<ForeignArray> arrays;
  for (const auto& [name, facts] : document.members()) {
    ForeignArray array;
    array.name = name;
    array.dtype = *dtype_from_name(facts.find("dtype")->as_string());
    for (const Json& length : facts.find("shape")->elements())
      array.shape.push_back(length.as_int64());
    for (const Json& axis : facts.find("written")->elements()) {
      array.written.begin.push_back(axis.elements()[0].as_int64());
      array.written.end.push_back(axis.elements()[1].as_int64());
    }
    for (const auto& [key, value] : facts.find("files")->members())
      array.store->put("a/" + key, from_hexadecimal(value.as_string()));
    arrays.push_back(std::move(array));
  }
  return arrays;
}

// What the array holds, as complex128, which every type converts to.
inline AnyArray expected_values(const ForeignArray& array) {
  AnyArray values(DType::complex128, array.shape);
  auto* at = values.data_as<std::complex<double>>();
  const std::int64_t count = element_count(array.shape);
  for (std::int64_t i = 0; i < count; ++i, ++at) {
    bool written = true;
    std::int64_t rest = i;
    for (std::size_t axis = array.shape.size(); axis-- > 0;) {
      const std::int64_t position = rest % array.shape[axis];
      rest /= array.shape[axis];
      written &= position >= array.written.begin[axis] && position < array.written.end[axis];
    }
    const double value = written ? static_cast<double>(37 * i % 101) : 7.0;
    *at = {value, is_complex(array.dtype) && written ? -1.0 : 0.0};
    if (array.dtype == DType::boolean) *at = value != 0 ? 1.0 : 0.0;
  }
  return values;
}

}  // namespace copick::test
