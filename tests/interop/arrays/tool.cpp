// arrays_tool read|write LIST: the C++ half of tests/interop/arrays/run.py.
//
// LIST is a JSON array. read: {"store", "regions", "out"}: the regions of the array at the folder
// `store` are read in one call and written to the file `out`, one after the other, C order, machine
// byte order. write: {"store", "zarr_format", "shape", "chunks", "shards" (or null), "dtype",
// "source"}: a new array with the elements of the file `source`. Prints {store: message} of what
// failed.
#include "zarr/array.h"

#include <copick/error.h>
#include <copick/json.h>

#include <cstdio>
#include <cstring>
#include <exception>
#include <fstream>
#include <iterator>
#include <string>

using namespace copick;

namespace {

std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string text_of(const Json& item, const char* name) { return item.find(name)->as_string(); }

Shape shape_of(const Json& list) {
  Shape shape;
  for (const Json& length : list.elements()) shape.push_back(length.as_int64());
  return shape;
}

void read(const Json& item) {
  const zarr::Array array = zarr::Array::open(open_store(text_of(item, "store")), "");
  std::vector<AnyArray> results;
  std::vector<zarr::Reading> readings;
  for (const Json& region : item.find("regions")->elements()) {
    zarr::Box box;
    for (const Json& axis : region.elements()) {
      box.begin.push_back(axis.elements()[0].as_int64());
      box.end.push_back(axis.elements()[1].as_int64());
    }
    results.emplace_back(array.metadata().dtype, box.shape());
    readings.push_back({box, results.back().view()});
  }
  array.read(readings);
  std::ofstream out(text_of(item, "out"), std::ios::binary);
  for (const AnyArray& result : results)
    out.write(reinterpret_cast<const char*>(result.bytes().data()),
              static_cast<std::streamsize>(result.bytes().size()));
}

void write(const Json& item) {
  zarr::NewArray layout{.zarr_format = static_cast<int>(item.find("zarr_format")->as_int64()),
                        .shape = shape_of(*item.find("shape")),
                        .chunks = shape_of(*item.find("chunks"))};
  if (!item.find("shards")->is_null()) layout.shards = shape_of(*item.find("shards"));
  layout.dtype = *dtype_from_name(text_of(item, "dtype"));
  AnyArray values(layout.dtype, layout.shape);
  const std::string source = read_text(text_of(item, "source"));
  if (source.size() != values.bytes().size()) throw std::runtime_error("odd source");
  std::memcpy(values.bytes().data(), source.data(), source.size());
  zarr::Array::create(open_store(text_of(item, "store")), "", layout, Durability::none)
      .write(zarr::whole(layout.shape), values.view(), Durability::none);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const std::string verb = argv[1];
  Json failures = Json::object();
  const Json list = Json::parse(read_text(argv[2]), argv[2]);
  for (const Json& item : list.elements()) {
    try {
      verb == "read" ? read(item) : write(item);
    } catch (const std::exception& error) {
      failures[text_of(item, "store")] = Json::string(error.what());
    }
  }
  std::printf("%s\n", failures.dump().c_str());
  return 0;
}
