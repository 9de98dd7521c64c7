// Every fact of every sample's expected.json, through the C++ API.
#include "source/project_facts.h"
#include "store/wrappers.h"
#include "store/zip.h"
#include "support/sample.h"
#include "support/sftp_server.h"

#include <doctest/doctest.h>

using namespace copick;

TEST_CASE("every fact of the Zarr v2 sample is reported") {
  test::check_project("v2-local", test::open_sample("v2-local"));
}

TEST_CASE("every fact of the Zarr v3 sample is reported") {
  test::check_project("v3-local", test::open_sample("v3-local"));
}

TEST_CASE("samples whose static half is a zip archive report the same facts, stored and deflated") {
  for (const char* sample : {"v2-local", "v3-local"}) {
    for (const store::ZipMethod method : {store::ZipMethod::stored, store::ZipMethod::deflated}) {
      const std::string folder_of_sample = test::samples_folder() + "/" + sample;
      const StorePtr archives = memory_store();
      store::write_zip(*open_store(folder_of_sample), "", *archives, "x.zip", {}, {}, method);
      const StorePtr archive = store::zip_store(archives, "x.zip");
      test::check_project(sample, test::open_sample_in(sample, [&](const std::string& folder) {
                            return folder == "overlay" ? open_store(folder_of_sample + "/" + folder)
                                                       : store::prefix_store(archive, folder);
                          }));
    }
  }
}

TEST_CASE("samples that lie on an SFTP server report the same facts") {
  for (const char* sample : {"v2-local", "v3-local"}) {
    test::check_project(sample, test::open_sample_in(sample, [&](const std::string& folder) {
                          return test::SftpServer::shared().open(test::samples_folder() + "/" +
                                                                 sample + "/" + folder);
                        }));
  }
}

TEST_CASE("density maps of the samples lie where and hold what the facts say") {
  for (const char* sample : {"v2-local", "v3-local"}) {
    const Root root = test::open_sample(sample);
    const Json facts = test::sample_facts(sample);
    const Json& maps = *facts.find("objects_with_maps");
    for (const Object& object : root.objects()) {
      INFO(sample << " " << object.name());
      const Json* expected = maps.find(object.name());
      REQUIRE(object.has_data() == (expected != nullptr));
      if (!expected) continue;
      const Json& shown = expected->elements().back();  // the overlay's where both halves have one
      test::check_place(shown, object.url(), object.origin());
      test::check_volume(shown, object);
    }
  }
}

TEST_CASE("every fact of the first layout is reported, segmentations and particle maps included") {
  test::check_project("legacy-readme", test::open_sample("legacy-readme"), false);
  const Json facts = test::sample_facts("legacy-readme");
  const Root root = test::open_sample("legacy-readme");
  for (const auto& [path, expected] : facts.find("particle_maps")->members()) {
    INFO(path);
    const auto object = root.get_object(test::text(expected, "object_name"));
    REQUIRE(object);
    CHECK(object->url().ends_with(path));
    CHECK(object->voxel_size() == expected.find("voxel_size")->as_double());
    test::check_array(expected, object->read_any());
  }
  for (const auto& [path, expected] : facts.find("legacy_segmentations")->members()) {
    INFO(path);
    std::optional<Segmentation> found;
    for (const Run& run : root.runs())
      for (const Segmentation& one : run.segmentations())
        if (one.url().ends_with(path)) found = one;
    REQUIRE(found);
    CHECK(found->user_id() == test::text(expected, "user"));
    CHECK(found->session_id() == test::text(expected, "session"));
    CHECK(found->voxel_size() ==
          expected.find("levels")->elements()[0].find("scale")->elements()[2].as_double());
    test::check_volume(expected, *found);
  }
}
