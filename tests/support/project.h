// Small projects in memory for tests of the data model.
#pragma once

#include <copick/copick.h>

#include <string>

namespace copick::test {

inline Config small_config() {
  Config config;
  config.name = "test";
  config.add_object({.name = "ribosome", .is_particle = true, .label = 1, .radius = 130.0});
  config.add_object({.name = "proteasome", .is_particle = true, .label = 2, .radius = 60.0});
  config.add_object({.name = "membrane", .is_particle = false, .label = 3});
  return config;
}

struct TwoSources {
  StorePtr overlay = memory_store();
  StorePtr static_source = memory_store();

  Root open() const { return open_stores(small_config(), overlay, static_source); }

  // `stem` is user_session_object.
  static void add_picks(const StorePtr& store, const std::string& run, const std::string& stem,
                        int points) {
    const auto first = stem.find('_');
    const auto second = stem.find('_', first + 1);
    Json file = Json::object();
    file["pickable_object_name"] = Json::string(stem.substr(second + 1));
    file["user_id"] = Json::string(stem.substr(0, first));
    file["session_id"] = Json::string(stem.substr(first + 1, second - first - 1));
    file["points"] = Json::array();
    for (int i = 0; i < points; ++i) {
      Json location = Json::object();
      for (const char* axis : {"x", "y", "z"}) location[axis] = Json::number(10.0 * i);
      Json point = Json::object();
      point["location"] = location;
      file["points"].push_back(point);
    }
    store->put("ExperimentRuns/" + run + "/Picks/" + stem + ".json", as_bytes(file.dump(4)));
  }

  static void add_tomogram(const StorePtr& store, const std::string& run, double voxel_size,
                           const std::string& type) {
    Root root = open_stores(small_config(), store, nullptr);
    Array<float> data({4, 5, 6});
    for (std::size_t i = 0; i < data.size(); ++i) data.data()[i] = static_cast<float>(i);
    root.new_run(run, {.exist_ok = true})
        .new_voxel_spacing(voxel_size, {.exist_ok = true})
        .new_tomogram(type)
        .write(data.view(), {.levels = 1});
  }
};

}  // namespace copick::test
