#include "store/chain.h"

#include "store/backends.h"
#include "store/zip.h"

#include <copick/error.h>

using namespace copick;
using namespace copick::test;

namespace {

// A folder with x.zip, in which are run/k and nested.zip with deep/k.
class Archives {
 public:
  Archives() {
    const StorePtr folder = open_store(path());
    store::ZipWriter nested(*folder, "nested.zip");
    nested.add("deep/k", as_bytes("deep"));
    nested.commit();
    store::ZipWriter writer(*folder, "x.zip");
    writer.add("run/k", as_bytes("v"));
    writer.add("in/nested.zip", folder->get("nested.zip").value());
    writer.commit();
  }
  std::string path() const { return folder_.path(); }

 private:
  TempDir folder_;
};

std::string refusal_of(const std::string& url, const std::string& fs_args = "{}") {
  try {
    open_store(url, fs_args)->list("");
  } catch (const ValidationError& error) { return error.facts().why; }
  return "(accepted)";
}

}  // namespace

TEST_CASE("an archive is opened by every spelling of a chain") {
  const Archives archives;
  const std::string zip = archives.path() + "/x.zip";
  for (const std::string& url : {"zip://::" + zip, "zip::" + zip, "zip::file://" + zip,
                                 "zip:///::local://" + zip, "ZIP::" + zip}) {
    CAPTURE(url);
    CHECK(get_text(*open_store(url), "run/k") == "v");
  }
  CHECK(get_text(*open_store("zip://run::" + zip), "k") == "v");
  CHECK(get_text(*open_store("zip:///run/::" + zip), "k") == "v");
  CHECK(get_text(*open_store("zip://run", "{\"fo\": \"" + zip + "\"}"), "k") == "v");
  CHECK(get_text(*open_store("zip://", "{\"fo\": \"" + zip + "\", \"target_protocol\": \"file\"}"),
                 "run/k") == "v");
  CHECK(get_text(*open_store("zip://run::" + zip, "{\"zip\": {\"mode\": \"r\"}, \"file\": {}}"),
                 "k") == "v");
  CHECK(open_store("zip::" + zip)->url("run/k") == zip + "/run/k");
}

TEST_CASE("an archive in an archive, and caches at any place of a chain, are read") {
  const Archives archives;
  const std::string zip = archives.path() + "/x.zip";
  CHECK(get_text(*open_store("zip://deep::zip://in/nested.zip::" + zip), "k") == "deep");
  CHECK(get_text(*open_store("simplecache::" + archives.path()), "nested.zip").size() > 100);
  CHECK(get_text(*open_store("simplecache::zip://run::" + zip), "k") == "v");
  CHECK(get_text(*open_store("zip://run::blockcache::file://" + zip), "k") == "v");
}

TEST_CASE("a cache with a folder keeps there what was read, and arguments reach their layer") {
  const Archives archives;
  const std::string kept = archives.path() + "/kept";
  const std::string arguments = "{\"filecache\": {\"cache_storage\": \"" + kept + "\"}}";
  const StorePtr store =
      open_store("zip://run::filecache::" + archives.path() + "/x.zip", arguments);
  CHECK(get_text(*store, "k") == "v");
  CHECK(!open_store(kept)->list("").empty());
}

TEST_CASE("chains that lead nowhere are refused and say what is missing") {
  CHECK(refusal_of("zip://run") == "the URL does not say what lies below zip://");
  CHECK(refusal_of("simplecache://") == "the URL does not say what lies below simplecache://");
  CHECK(refusal_of("zip://run::/data/folder/") == "it names a folder where a file is needed");
  CHECK(refusal_of("zip://run::zip://::/x.zip") == "it names no file in the archive");
  CHECK(refusal_of("zip://run::nope://host/x.zip").starts_with("unknown scheme 'nope'"));
  CHECK(refusal_of("zip://a/../b::/x.zip").find("'..'") != std::string::npos);
}

TEST_CASE("two colons in a folder's name are no chain") {
  const TempDir folder;
  const StorePtr store = open_store(folder.path() + "/a::b");
  CHECK(store->url("") == folder.path() + "/a::b");
}

TEST_CASE("no password in a chain enters a message") {
  try {
    open_store("zip://run::nope://user:pa55word@host/x.zip?sig=s1gn");
    FAIL("accepted");
  } catch (const ValidationError& error) {
    const std::string text = error.what();
    CHECK(text.find("pa55word") == std::string::npos);
    CHECK(text.find("s1gn") == std::string::npos);
    CHECK(text.find("user:***@host") != std::string::npos);
  }
}
