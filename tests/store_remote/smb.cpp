// What is particular about SMB: the plug-in, logins, shares, lost connections, writers that die.
#include "store/backends.h"
#include "store/processes.h"
#include "store_remote/servers.h"
#include "support/children.h"
#include "support/command.h"
#include "support/project.h"

#include <copick/error.h>
#include <copick/log.h>

#include <filesystem>
#include <thread>

using namespace copick;
using namespace copick::test;

namespace {

Json arguments() { return Json::parse(smb_arguments(samba()), ""); }

// Why a listing of the URL is refused; "(accepted)".
std::string refusal_of(const std::string& url, const Json& fs_args) {
  try {
    open_store(url, fs_args.dump())->list("");
  } catch (const PermissionError& error) {
    return "permission: " + error.facts().why;
  } catch (const NotFoundError& error) {
    return "missing: " + error.facts().why;
  } catch (const Error& error) { return error.facts().why; }
  return "(accepted)";
}

}  // namespace

TEST_CASE("a login that is refused, a missing share and a missing server are told apart") {
  Json wrong = arguments();
  wrong["password"] = Json::string("wr0ng");
  const std::string refused = refusal_of("smb://127.0.0.1/data/x", wrong);
  CHECK(refused.starts_with("permission: the server refuses the login"));
  CHECK(refused.find("wr0ng") == std::string::npos);
  CHECK(refusal_of("smb://127.0.0.1/none/x", arguments()) ==
        "missing: the server has no such share");
  Json nowhere = arguments();
  nowhere["port"] = Json::string("1");
  CHECK(refusal_of("smb://127.0.0.1/data/x", nowhere).starts_with("Connection refused"));
  Json anonymous = Json::object();
  anonymous["port"] = Json::string(samba()["PORT"]);
  CHECK(refusal_of("smb://127.0.0.1/data/x", anonymous).starts_with("permission: "));
}

TEST_CASE("host, port, workgroup, user and password may stand in the URL, and none is shown") {
  const std::string url = "smb://COPICK;" + samba()["USER"] + ":" + samba()["PASSWORD"] +
                          "@127.0.0.1:" + samba()["PORT"] + "/data/url/";
  const StorePtr store = open_store(url);
  put_text(*store, "k", "v");
  CHECK(std::filesystem::exists(samba()["ROOT"] + "/url/k"));
  CHECK(store->url("k") ==
        "smb://" + samba()["USER"] + "@127.0.0.1:" + samba()["PORT"] + "/data/url/k");
  Json fs_args = arguments();
  fs_args["host"] = Json::string("127.0.0.1");
  fs_args["username"] = Json::string("COPICK\\" + samba()["USER"]);
  fs_args["encrypt"] = Json::boolean(true);
  for (const char* accepted : {"share_access", "register_session_retries", "temppath"}) {
    fs_args[accepted] = Json();
  }
  std::vector<std::string> remarks;
  set_log_sink([&](LogLevel, std::string_view text) { remarks.emplace_back(text); });
  CHECK(get_text(*open_store("smb:///data/url", fs_args.dump()), "k") == "v");
  set_log_sink({});
  CHECK(remarks.empty());
}

TEST_CASE("SMB URLs without a host or a share are refused before anything is connected") {
  const auto refused = [](const std::string& url) {
    try {
      open_store(url);
    } catch (const ValidationError& error) { return error.facts().why; }
    return std::string("(accepted)");
  };
  CHECK(refused("smb:///data/x") == "it names no host");
  CHECK(refused("smb://host") == "it names no share");
  CHECK(refused("smb://host/") == "it names no share");
  CHECK(refused("smb://host:x/share") == "'x' is no port");
  CHECK(refused("smb://host/share") == "(accepted)");
}

TEST_CASE("a share that cannot be written is read, and writing is denied") {
  put_text(*smb_store(samba(), "locked"), "k", "v");
  const StorePtr store = smb_store(samba(), "locked", "reading");
  CHECK(get_text(*store, "k") == "v");
  CHECK_THROWS_AS(put_text(*store, "k", "w"), PermissionError);
  CHECK_THROWS_AS(store->erase("k"), PermissionError);
  CHECK(get_text(*store, "k") == "v");
}

TEST_CASE("a name that SMB does not have is an error of writing, and absent in reading") {
  const StorePtr store = smb_store(samba());
  CHECK(!store->get("a:b"));
  try {
    put_text(*store, "a:b", "v");
    FAIL("written");
  } catch (const StorageError& error) {
    CHECK(error.facts().why.find("SMB has no names with one of") != std::string::npos);
  }
}

TEST_CASE("a connection to a share that is lost is made again, under reads and writes") {
  const Server own("samba");
  const StorePtr store = smb_store(own);
  put_text(*store, "k", "before");
  signal_children(std::stoi(own["PID"]), SIGTERM);
  CHECK(get_text(*store, "k") == "before");
  signal_children(std::stoi(own["PID"]), SIGTERM);
  put_text(*store, "k", "after");
  CHECK(get_text(*store, "k") == "after");
  signal_children(std::stoi(own["PID"]), SIGTERM);
  CHECK(!store->get("none"));
  CHECK(names(store->list("")) == Names{"k"});
}

TEST_CASE("values larger than what is under way at a time are read back over SMB") {
  const StorePtr store = smb_store(samba());
  std::string big(40 << 20, '\0');
  for (std::size_t i = 0; i < big.size(); i += 997) big[i] = static_cast<char>(i / 997);
  put_text(*store, "big", big);
  CHECK(store->get("big").value().text() == big);
  const std::vector<Request> tail = {{"big", ByteRange{.length = 5, .from_end = true}}};
  store->fetch(tail, [&](std::size_t, std::optional<Bytes> part) {
    CHECK(part.value().text() == std::string_view(big).substr(big.size() - 5));
  });
}

TEST_CASE("a writer over SMB killed at any moment leaves the old value or the new one") {
  const StorePtr store = smb_store(samba(), "killed");
  const std::string old_text(300000, 'o'), new_text(300000, 'n');
  put_text(*store, "d/k", old_text);
  int written = 0;
  for (int round = 0; round < 12; ++round) {
    const pid_t child = start_child([&] {
      const StorePtr own = smb_store(samba(), "killed");
      for (int n = 0;; ++n) put_text(*own, "d/k", n % 2 == 0 ? new_text : old_text);
      return 0;
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(90 + 13 * round));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    const std::string found = get_text(*store, "d/k");
    REQUIRE((found == old_text || found == new_text));
    written += found == new_text;
    CHECK(names(store->list("d")) == Names{"k"});
  }
  MESSAGE("new values found: ", written);
}

TEST_CASE("without the plug-in an smb URL is one error that tells where to get it") {
  const TempDir folder;
  std::filesystem::copy(COPICK_BINARY, folder / "copick");  // nothing lies beside it
  Config config = small_config();
  config.overlay_root = "smb://user:s3cret@host/share/project";
  write_file(folder / "config.json", config.to_text());
  const std::string said = output_of("PATH=/nowhere '" + folder.path() + "/copick' --config '" +
                                     (folder / "config.json") + "' ls runs");
  CHECK(said.find("this computer has no program 'copick-smb'") != std::string::npos);
  CHECK(said.find("COPICK_WITH_SMBCLIENT=ON") != std::string::npos);
  CHECK(said.find("s3cret") == std::string::npos);
}
