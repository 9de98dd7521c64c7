// The command on a project in a bucket, with credentials of the environment.
#include "support/command.h"
#include "store/backends.h"
#include "store_remote/servers.h"
#include "support/project.h"

using namespace copick;
using namespace copick::test;

namespace {

// Both outputs of the command, run with `variables` ("NAME=value ...").
std::string output_of(const std::string& variables, const std::string& words) {
  return test::output_of("env " + variables + " " + COPICK_BINARY + " " + words);
}

}  // namespace

TEST_CASE("the command takes credentials from the environment and shows none") {
  const std::string prefix = fresh_name();
  TwoSources::add_picks(s3_store(versitygw(), prefix), "TS_001", "alice_1_ribosome", 3);
  const TempDir folder;
  Config config = small_config();
  config.overlay_root = "s3://private/" + prefix;
  write_file(folder / "config.json", config.to_text());
  const std::string variables = "HOME=" + folder.path() + " AWS_EC2_METADATA_DISABLED=true " +
                                "AWS_ENDPOINT_URL=" + versitygw()["URL"] +
                                " AWS_ACCESS_KEY_ID=" + versitygw()["KEY"];
  const std::string words = "--config " + (folder / "config.json") + " ls picks";
  CHECK(output_of(variables + " AWS_SECRET_ACCESS_KEY=" + versitygw()["SECRET"], words)
            .find("alice") != std::string::npos);
  const std::string refused = output_of(variables + " AWS_SECRET_ACCESS_KEY=wr0ng", words);
  CHECK(refused.find("SignatureDoesNotMatch") != std::string::npos);
  CHECK(refused.find("wr0ng") == std::string::npos);
  CHECK(output_of(variables, words).find("there are no credentials for it") != std::string::npos);
}
