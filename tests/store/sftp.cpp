// What is particular about SFTP: links, logins, host keys, lost connections.
#include "store/sftp.h"

#include "store/backends.h"
#include "store/zip.h"
#include "support/sftp_server.h"

#include <copick/error.h>
#include <copick/log.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

using namespace copick;
using namespace copick::test;

namespace {

namespace fs = std::filesystem;

struct Served {
  TempDir dir;
  StorePtr store = SftpServer::shared().open(dir.path() + "/root");
  std::string path(const std::string& name) const { return dir.path() + "/" + name; }
};

std::string refusal_of(const SftpServer& server, const Json& arguments,
                       const std::string& url = "") {
  try {
    open_store(url.empty() ? server.url("/tmp") : url, arguments.dump())->list("");
  } catch (const PermissionError& error) {
    return "permission: " + error.facts().why;
  } catch (const Error& error) { return error.facts().why; }
  return "(accepted)";
}

bool starts(const std::string& text, std::string_view start) { return text.starts_with(start); }

bool run(const std::string& command) { return std::system(command.c_str()) == 0; }

// An environment variable of this process, as long as this lives.
class Variable {
 public:
  Variable(std::string name, const std::string& value) : name_(std::move(name)) {
    if (const char* old = std::getenv(name_.c_str())) old_ = old;
    ::setenv(name_.c_str(), value.c_str(), 1);
  }
  ~Variable() {
    if (old_) {
      ::setenv(name_.c_str(), old_->c_str(), 1);
    } else {
      ::unsetenv(name_.c_str());
    }
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const std::string name_;
  std::optional<std::string> old_;
};

// An ssh-agent that holds one key.
class Agent {
 public:
  Agent(const std::string& socket, const std::string& key) : socket_("SSH_AUTH_SOCK", socket) {
    process_ = ::fork();
    if (process_ == 0) {
      ::execlp("ssh-agent", "ssh-agent", "-D", "-a", socket.c_str(), nullptr);
      ::_exit(127);
    }
    for (int tick = 0; tick < 500 && !fs::exists(socket); ++tick) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    REQUIRE(run("ssh-add -q '" + key + "'"));
  }
  ~Agent() {
    ::kill(process_, SIGTERM);
    ::waitpid(process_, nullptr, 0);
  }
  Agent(const Agent&) = delete;
  Agent& operator=(const Agent&) = delete;

 private:
  const Variable socket_;
  pid_t process_ = -1;
};

}  // namespace

TEST_CASE("runs that are symlinks are listed and read over SFTP, once each, and never in circles") {
  Served served;
  put_text(*served.store, "real/Picks/a.json", "picks");
  fs::create_directories(served.path("elsewhere/Picks"));
  std::ofstream(served.path("elsewhere/Picks/b.json")) << "other";
  fs::create_symlink(served.path("elsewhere"), served.path("root/linked"));
  fs::create_symlink(served.path("root"), served.path("root/circle"));
  fs::create_symlink(served.path("nowhere"), served.path("root/dangling"));
  CHECK(names(served.store->list("")) == Names{"circle/", "linked/", "real/"});
  CHECK(names(served.store->list_recursive("")) ==
        Names{"linked/Picks/b.json", "real/Picks/a.json"});
  CHECK(get_text(*served.store, "linked/Picks/b.json") == "other");
  CHECK(!served.store->get("dangling"));
}

TEST_CASE(
    "writing over SFTP never leaves the root through a symlink, and removing spares its target") {
  Served served;
  put_text(*served.store, "inside/k", "v");
  fs::create_directory(served.path("outside"));
  std::ofstream(served.path("outside/k")) << "precious";
  fs::create_symlink(served.path("outside"), served.path("root/out"));
  fs::create_symlink(served.path("root/inside"), served.path("root/in"));
  CHECK_THROWS_AS(put_text(*served.store, "out/new", "v"), PermissionError);
  CHECK_THROWS_AS(put_text(*served.store, "out/deep/new", "v"), PermissionError);
  CHECK_THROWS_AS(served.store->erase("out/k"), PermissionError);
  CHECK_THROWS_AS(served.store->make_prefix("out/folder"), PermissionError);
  put_text(*served.store, "in/new", "v");
  CHECK(get_text(*served.store, "inside/new") == "v");
  CHECK(served.store->erase_prefix("out") == 1);
  CHECK(fs::exists(served.path("outside/k")));
  fs::create_symlink(served.path("outside/k"), served.path("root/link"));
  put_text(*served.store, "link", "mine");
  CHECK(fs::file_size(served.path("outside/k")) == 8);
  CHECK(get_text(*served.store, "link") == "mine");
}

TEST_CASE("a folder of thousands of names is listed whole") {
  Served served;
  fs::create_directories(served.path("root/many"));
  for (int i = 0; i < 3000; ++i) std::ofstream(served.path("root/many/" + std::to_string(i)));
  CHECK(served.store->list("many").size() == 3000);
  CHECK(served.store->list_recursive("").size() == 3000);
}

TEST_CASE("values larger than what is under way at a time are read back, whole and in part") {
  Served served;
  std::string big(40 << 20, '\0');
  for (std::size_t i = 0; i < big.size(); i += 997) big[i] = static_cast<char>(i / 997);
  put_text(*served.store, "big", big);
  CHECK(served.store->get("big").value().text() == big);
  const std::vector<Request> requests = {{"big", ByteRange{.offset = 1 << 20, .length = 20 << 20}},
                                         {"big", ByteRange{.length = 5, .from_end = true}}};
  served.store->fetch(requests, [&](std::size_t i, std::optional<Bytes> part) {
    const std::string_view expected = i == 0 ? std::string_view(big).substr(1 << 20, 20 << 20)
                                             : std::string_view(big).substr(big.size() - 5);
    CHECK(part.value().text() == expected);
  });
}

TEST_CASE("a host key that is not known, or is another one, is refused before a login") {
  const SftpServer& server = SftpServer::shared();
  const std::string none = server.folder("no_hosts"), wrong = server.folder("wrong_hosts");
  std::ofstream(none) << "";
  REQUIRE(run("ssh-keygen -q -t ed25519 -N '' -f '" + server.folder("other_key") + "'"));
  std::ifstream other(server.folder("other_key.pub"));
  std::string type, key;
  other >> type >> key;
  std::ofstream(wrong) << "[127.0.0.1]:" << server.port() << " " << type << " " << key << "\n";
  Json arguments = server.arguments();
  arguments["known_hosts"] = Json::string(none);
  CHECK(starts(refusal_of(server, arguments),
               "permission: its host key is not known (found SHA256:"));
  arguments["known_hosts"] = Json::string(wrong);
  CHECK(starts(refusal_of(server, arguments),
               "permission: its host key is not the one that is known"));
  std::vector<std::string> remarks;
  set_log_sink([&](LogLevel, std::string_view text) { remarks.emplace_back(text); });
  arguments["known_hosts"] = Json();
  CHECK(refusal_of(server, arguments) == "(accepted)");
  set_log_sink({});
  REQUIRE(!remarks.empty());
  CHECK(starts(remarks[0], "the host key is not checked"));
}

TEST_CASE(
    "keys with a passphrase log in with it; without, or with no key, it is refused and told why") {
  const SftpServer& server = SftpServer::shared();
  const std::string locked = server.folder("locked_key");
  REQUIRE(run("cp '" + server.folder("user_key") + "' '" + locked +
              "' && ssh-keygen -q -p -P '' -N 'open sesame' -f '" + locked + "' > /dev/null"));
  Json arguments = server.arguments();
  arguments["client_keys"] = Json::array({Json::string(locked)});
  CHECK(refusal_of(server, arguments).find("its passphrase is missing") != std::string::npos);
  arguments["passphrase"] = Json::string("wrong");
  CHECK(refusal_of(server, arguments).find("its passphrase is wrong") != std::string::npos);
  arguments["passphrase"] = Json::string("open sesame");
  CHECK(refusal_of(server, arguments) == "(accepted)");
  arguments["client_keys"] = Json::string(server.folder("nothing"));
  CHECK(refusal_of(server, arguments).find("cannot be") != std::string::npos);
  arguments["client_keys"] = Json();
  arguments["password"] = Json::string("pa55word");
  const std::string refused = refusal_of(server, arguments);
  CHECK(refused == "permission: the server accepts none of what was tried (the password)");
}

TEST_CASE("an alias of the ssh configuration and a jump host lead to the server") {
  const SftpServer& server = SftpServer::shared();
  const std::string config = server.folder("ssh_config");
  std::ofstream(config) << "Host cluster\n  HostName 127.0.0.1\n  Port " << server.port()
                        << "\n  User " << server.user() << "\n  IdentityFile "
                        << server.folder("user_key") << "\n";
  Json arguments = Json::object();
  arguments["config"] = Json::string(config);
  arguments["known_hosts"] = Json::string(server.folder("known_hosts"));
  CHECK(refusal_of(server, arguments, "ssh://cluster/tmp") == "(accepted)");
  std::ofstream(config, std::ios::app)
      << "Host far\n  HostName 127.0.0.1\n  Port " << server.port() << "\n  User " << server.user()
      << "\n  IdentityFile " << server.folder("user_key") << "\n  ProxyCommand ssh -F '" << config
      << "' -o UserKnownHostsFile='" << server.folder("known_hosts") << "' -W %h:%p cluster\n";
  CHECK(refusal_of(server, arguments, "ssh://far/tmp") == "(accepted)");
}

TEST_CASE("an agent logs in, on the way through a jump host of the ssh configuration too") {
  const SftpServer& server = SftpServer::shared();
  const Agent agent(server.folder("agent"), server.folder("user_key"));
  Json arguments = server.arguments();
  arguments.erase("client_keys");
  CHECK(refusal_of(server, arguments).find("accepts none of what was tried") != std::string::npos);
  arguments.erase("agent_path");
  CHECK(refusal_of(server, arguments) == "(accepted)");

  // The jump is made by `ssh`, which is to read the test's configuration instead of the user's.
  const std::string config = server.folder("jump_config"), folder = server.folder("bin");
  std::ofstream(config) << "Host gate\n  HostName 127.0.0.1\n  Port " << server.port()
                        << "\n  User " << server.user() << "\n  UserKnownHostsFile "
                        << server.folder("known_hosts")
                        << "\nHost behind\n  HostName 127.0.0.1\n  Port " << server.port()
                        << "\n  User " << server.user() << "\n  ProxyJump gate\n";
  fs::create_directories(folder);
  std::ofstream(folder + "/ssh") << "#!/bin/sh\necho \"$@\" >> '" << folder
                                 << "/calls'\nexec /usr/bin/ssh -F '" << config << "' \"$@\"\n";
  fs::permissions(folder + "/ssh", fs::perms::owner_all);
  const Variable path("PATH", folder + ":" + std::getenv("PATH"));
  arguments["config"] = Json::string(config);
  arguments.erase("username");
  CHECK(refusal_of(server, arguments, "ssh://behind/tmp") == "(accepted)");
  CHECK(fs::exists(folder + "/calls"));
}

TEST_CASE(
    "a lost connection is made again, under reads and writes, and an end of the server is told") {
  SftpServer server;
  const TempDir dir;
  const StorePtr store = server.open(dir.path());
  put_text(*store, "k", "before");
  server.drop_connections();
  CHECK(get_text(*store, "k") == "before");
  server.drop_connections();
  server.stop();
  server.start_again();
  CHECK(get_text(*store, "k") == "before");
  put_text(*store, "k", "after");
  CHECK(get_text(*store, "k") == "after");
  CHECK(names(store->list("")) == Names{"k"});
}

TEST_CASE("a server that is not there is an error that names it, and no secret") {
  const StorePtr store = open_store("ssh://me:pa55word@127.0.0.1:1/data",
                                    "{\"passphrase\": \"s3same\", \"config\": null}");
  try {
    store->list("");
    FAIL("listed");
  } catch (const StorageError& error) {
    const std::string text = error.what();
    CHECK(text.find("ssh://me@127.0.0.1:1") != std::string::npos);
    CHECK(text.find("pa55word") == std::string::npos);
    CHECK(text.find("s3same") == std::string::npos);
  }
  CHECK(store->url("a/b") == "ssh://me@127.0.0.1:1/data/a/b");
}

TEST_CASE("SSH URLs that make no sense are refused before anything is connected") {
  const auto refused = [](const std::string& url, const std::string& arguments = "{}") {
    try {
      open_store(url, arguments);
    } catch (const ValidationError& error) { return error.facts().why; }
    return std::string("(accepted)");
  };
  CHECK(refused("ssh:///data") == "it names no host");
  CHECK(refused("ssh:///data", "{\"host\": \"h\"}") == "(accepted)");
  CHECK(refused("ssh://h") == "it names no folder");
  CHECK(refused("ssh://h:99999/x") == "'99999' is no port");
  CHECK(refused("ssh://-oProxyCommand=x/y") == "a host or user must not begin with '-'");
  CHECK(refused("ssh://u%2@h/x").find("two hex digits") != std::string::npos);
  CHECK(refused("ssh://h/x", "{\"password\": 1}") == "the argument password is no text");
  CHECK(open_store("sftp://[::1]:22/x", "{}")->url("") == "ssh://::1:22/x");
}

TEST_CASE("a writer over SFTP killed at any moment leaves the old value or the new one") {
  Served served;
  const std::string old_text(300000, 'o'), new_text(300000, 'n');
  put_text(*served.store, "d/k", old_text);
  int written = 0;
  for (int round = 0; round < 12; ++round) {
    const pid_t child = ::fork();
    if (child == 0) {
      const StorePtr own = SftpServer::shared().open(served.dir.path() + "/root");
      for (int n = 0;; ++n) put_text(*own, "d/k", n % 2 == 0 ? new_text : old_text);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(60 + 23 * round));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    const std::string found = get_text(*served.store, "d/k");
    REQUIRE((found == old_text || found == new_text));
    written += found == new_text;
    CHECK(names(served.store->list("d")) == Names{"k"});
  }
  MESSAGE("new values found: ", written);
}

TEST_CASE("a forked process reads over connections of its own, and the parent's stay whole") {
  Served served;
  put_text(*served.store, "k", "v");
  const pid_t child = ::fork();
  if (child == 0) {
    bool right = true;
    for (int i = 0; i < 20; ++i) right = right && get_text(*served.store, "k") == "v";
    ::_exit(right ? 0 : 1);
  }
  for (int i = 0; i < 20; ++i) CHECK(get_text(*served.store, "k") == "v");
  int status = -1;
  ::waitpid(child, &status, 0);
  CHECK(status == 0);
}

TEST_CASE("an archive behind SFTP is opened by a chain whose arguments reach the server") {
  Served served;
  store::ZipWriter writer(*served.store, "x.zip");
  writer.add("run/k", as_bytes("v"));
  writer.commit();
  Json arguments = Json::object();
  arguments["ssh"] = SftpServer::shared().arguments();
  const std::string zip = SftpServer::shared().url(served.dir.path() + "/root/x.zip");
  CHECK(get_text(*open_store("zip://run::" + zip, arguments.dump()), "k") == "v");
  CHECK(get_text(*open_store("simplecache::zip://run::" + zip, arguments.dump()), "k") == "v");
}
