// The sample projects of tests/data/samples: opening them in place, and what a correct reader
// reports of them.
#pragma once

#include "support/temp_dir.h"

#include <copick/copick.h>

#include <string>

namespace copick::test {

inline std::string samples_folder() { return std::string(COPICK_TEST_DATA) + "/samples"; }

// The config template of a sample with its placeholder filled in. `root` replaces the folder of all
// samples.
inline std::string sample_config_text(const std::string& sample,
                                      const std::string& root = samples_folder()) {
  const std::string file =
      sample == "legacy-readme" ? "copick_config.template.json" : "config.template.json";
  std::string text = read_file(root + "/" + sample + "/" + file);
  const std::string placeholder = "${SAMPLES}";
  for (auto at = text.find(placeholder); at != std::string::npos; at = text.find(placeholder, at))
    text.replace(at, placeholder.size(), root);
  return text;
}

inline Root open_sample(const std::string& sample) { return open_text(sample_config_text(sample)); }

// The same with other stores: `open` gets a root's folder below the sample's, "overlay" say.
template <typename Open>
Root open_sample_in(const std::string& sample, Open open) {
  Config config = Config::from_text(sample_config_text(sample), sample);
  const auto store = [&](const std::optional<std::string>& url) -> StorePtr {
    if (!url) return nullptr;
    const std::string start = samples_folder() + "/" + sample + "/";
    std::string folder = url->substr(url->find(start) + start.size());
    while (folder.ends_with('/')) folder.pop_back();
    return open(folder);
  };
  const StorePtr overlay = store(config.overlay_root), fixed = store(config.static_root);
  return open_stores(std::move(config), overlay, fixed);
}

inline Json sample_facts(const std::string& sample) {
  const std::string path = samples_folder() + "/" + sample + "/expected.json";
  return Json::parse(read_file(path), path);
}

// A copy of a sample that a test may change.
class SampleCopy {
 public:
  explicit SampleCopy(const std::string& sample) : sample_(sample) {
    std::filesystem::copy(samples_folder() + "/" + sample, folder_ / sample,
                          std::filesystem::copy_options::recursive);
    config_ = folder_ / "config.json";
    write_file(config_, sample_config_text(sample, folder_.path()));
  }
  const std::string& config_path() const { return config_; }
  std::string operator/(const std::string& name) const { return folder_ / (sample_ + "/" + name); }
  Root open() const { return copick::open(config_); }

 private:
  TempDir folder_;
  std::string sample_, config_;
};

}  // namespace copick::test
