#include "share.h"

#include "one_step_rename.h"
#include "store/percent.h"

#include <fcntl.h>
#include <libsmbclient.h>
#include <sys/stat.h>
#include <sys/time.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <thread>

namespace copick::smb {

namespace {

// libsmbclient asks for the login by a function without an argument of ours.
Login asked_login;

void give_login(const char*, const char*, char* workgroup, int workgroup_room, char* user,
                int user_room, char* password, int password_room) {
  const auto give = [](char* to, int room, const std::string& text) {
    std::snprintf(to, static_cast<std::size_t>(room), "%s", text.c_str());
  };
  if (!asked_login.workgroup.empty()) give(workgroup, workgroup_room, asked_login.workgroup);
  give(user, user_room, asked_login.user);
  give(password, password_room, asked_login.password);
}

// libsmbclient calls a connection that was lost EINVAL or EIO. What else it calls EINVAL has passed
// by the time it comes here: call_patiently().
Status status_of(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return Status::no_such_file;
    case EACCES:
    case EPERM:
    case EROFS:
      return Status::permission_denied;
    case EINVAL:
    case EIO:
    case ECONNABORTED:
    case ECONNREFUSED:
    case ECONNRESET:
    case EHOSTDOWN:
    case EHOSTUNREACH:
    case ENETDOWN:
    case ENETRESET:
    case ENETUNREACH:
    case ENOTCONN:
    case EPIPE:
    case ETIMEDOUT:
      return Status::connection_lost;
    default:
      return Status::failure;
  }
}

Attributes attributes_of(const struct stat& about) {
  Attributes attributes;
  attributes.size = static_cast<std::uint64_t>(about.st_size);
  attributes.mode = about.st_mode;
  attributes.modified = static_cast<std::uint32_t>(about.st_mtime);
  return attributes;
}

// Two seconds for what passes: others have the file open (EBUSY), remove or replace it at this
// moment, or the connection has to be made again (both EINVAL). `work` answers whether to wait.
constexpr auto kPatience = std::chrono::seconds(2);

template <typename Work>
void patiently(Work work) {
  const auto give_up = std::chrono::steady_clock::now() + kPatience;
  for (auto pause = std::chrono::milliseconds(2);
       work() && std::chrono::steady_clock::now() < give_up;
       pause = std::min(2 * pause, std::chrono::milliseconds(100))) {
    std::this_thread::sleep_for(pause);
  }
}

// The result of a call of libsmbclient by a path, negative when it failed.
template <typename Call>
int call_patiently(Call call) {
  int result = -1;
  patiently([&] {
    result = call();
    return result < 0 && (errno == EBUSY || errno == EINVAL);
  });
  return result;
}

// Names with these are not there, and cannot be.
void check_name(std::string_view path, Status otherwise) {
  if (path.find_first_of(":*?\"<>|") == std::string_view::npos) return;
  throw Failed{otherwise, "SMB has no names with one of : * ? \" < > |"};
}

}  // namespace

Share::Share(const Login& login)
    : root_("smb://" + login.host + "/" + store::percent_encode(login.share, false)) {
  asked_login = login;
  if (!can_rename_in_one_step()) {
    throw Failed{Status::unsupported, "this libsmbclient cannot replace a file in one step"};
  }
  SMBCCTX* const context = ::smbc_new_context();
  if (context == nullptr) throw Failed{Status::failure, "libsmbclient gives no context"};
  ::smbc_setDebug(context, 0);
  ::smbc_setFunctionAuthData(context, give_login);
  ::smbc_setPort(context, static_cast<std::uint16_t>(login.port));
  ::smbc_setTimeout(context, static_cast<int>(login.timeout_seconds) * 1000);
  ::smbc_setOptionNoAutoAnonymousLogin(context, login.user.empty() ? 0 : 1);
  ::smbc_setOptionOpenShareMode(context, SMBC_SHAREMODE_DENY_NONE);
  if (login.encrypted) { ::smbc_setOptionSmbEncryptionLevel(context, SMBC_ENCRYPTLEVEL_REQUIRE); }
  if (::smbc_init_context(context) == nullptr) {
    throw Failed{Status::failure, std::string("libsmbclient: ") + std::strerror(errno)};
  }
  ::smbc_set_context(context);
  struct stat about{};
  if (::smbc_stat(root_.c_str(), &about) == 0) return;
  if (errno == ENOENT || errno == ENODEV) {
    throw Failed{Status::no_such_file, "the server has no such share"};
  }
  throw Failed{status_of(errno), std::strerror(errno)};
}

std::string Share::url(const std::string& path) const {
  return path == "/" ? root_ : root_ + store::percent_encode(path, true);
}

// "No such file" is believed when it is said twice, while the root of the share is there. smbd says
// it of a file that is being replaced, libsmbclient of a share that it cannot reach.
template <typename Call>
int Share::look(Call call) const {
  const int result = call_patiently(call);
  if (result >= 0 || errno != ENOENT) return result;
  struct stat about{};
  if (::smbc_stat(root_.c_str(), &about) != 0) {
    throw Failed{Status::connection_lost, std::strerror(errno)};
  }
  return call_patiently(call);
}

void Share::fail() { throw Failed{status_of(errno), std::strerror(errno)}; }

Attributes Share::look_up(const std::string& path) {
  check_name(path, Status::no_such_file);
  struct stat about{};
  if (look([&] { return ::smbc_stat(url(path).c_str(), &about); }) < 0) fail();
  return attributes_of(about);
}

Attributes Share::look_up(int file) {
  struct stat about{};
  if (::smbc_fstat(file, &about) != 0) fail();
  return attributes_of(about);
}

std::optional<int> Share::open(const std::string& path) {
  check_name(path, Status::no_such_file);
  const int file = look([&] { return ::smbc_open(url(path).c_str(), O_RDONLY, 0); });
  if (file >= 0) return file;
  if (errno == EISDIR) return std::nullopt;
  fail();
}

int Share::create(const std::string& path) {
  check_name(path, Status::failure);
  const int file = ::smbc_open(url(path).c_str(), O_WRONLY | O_CREAT | O_EXCL, 0666);
  if (file >= 0) return file;
  fail();
}

std::string Share::read(int file, std::uint64_t offset, std::uint32_t length) {
  std::string bytes(length, '\0');
  std::size_t got = 0;
  if (::smbc_lseek(file, static_cast<off_t>(offset), SEEK_SET) < 0) fail();
  while (got < length) {
    const ssize_t count = ::smbc_read(file, bytes.data() + got, length - got);
    if (count < 0) fail();
    if (count == 0) break;
    got += static_cast<std::size_t>(count);
  }
  bytes.resize(got);
  return bytes;
}

void Share::write(int file, std::uint64_t offset, std::string_view bytes) {
  if (::smbc_lseek(file, static_cast<off_t>(offset), SEEK_SET) < 0) fail();
  while (!bytes.empty()) {
    const ssize_t count = ::smbc_write(file, bytes.data(), bytes.size());
    if (count < 0) fail();
    if (count == 0) throw Failed{Status::failure, "nothing more can be written"};
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

void Share::close(int file) {
  if (::smbc_close(file) != 0) fail();
}

void Share::set_times(const std::string& path, std::uint32_t accessed, std::uint32_t modified) {
  timeval times[2] = {{.tv_sec = accessed, .tv_usec = 0}, {.tv_sec = modified, .tv_usec = 0}};
  if (::smbc_utimes(url(path).c_str(), times) != 0) fail();
}

std::vector<FolderEntry> Share::list(const std::string& path) {
  check_name(path, Status::no_such_file);
  const int folder = look([&] { return ::smbc_opendir(url(path).c_str()); });
  if (folder < 0) fail();
  std::vector<FolderEntry> entries;
  struct stat about{};
  errno = 0;
  while (const libsmb_file_info* info = ::smbc_readdirplus2(folder, &about)) {
    const std::string_view name = info->name;
    if (name != "." && name != "..") {
      entries.push_back({std::string(name), attributes_of(about)});
    }
    errno = 0;
  }
  const int error = errno;
  ::smbc_closedir(folder);
  errno = error;
  if (error != 0) fail();
  return entries;
}

void Share::make_folder(const std::string& path) {
  check_name(path, Status::failure);
  if (::smbc_mkdir(url(path).c_str(), 0777) == 0) return;
  fail();
}

void Share::remove(const std::string& path) {
  if (look([&] { return ::smbc_unlink(url(path).c_str()); }) < 0) fail();
}

void Share::remove_folder(const std::string& path) {
  if (look([&] { return ::smbc_rmdir(url(path).c_str()); }) < 0) fail();
}

// Servers refuse to replace a file that somebody reads, and to move a folder in which somebody does.
void Share::rename(const std::string& from, const std::string& to, bool replace) {
  RenameAnswer answer;
  patiently([&] {
    answer = rename_in_one_step(url(from).c_str(), url(to).c_str(), replace);
    if (!answer.reached) return false;
    if (answer.status == kSharingViolation) return true;
    if (answer.status != kAccessDenied) return false;
    struct stat about{};  // a folder is never replaced
    return ::smbc_stat(url(to).c_str(), &about) != 0 || !S_ISDIR(about.st_mode);
  });
  if (!answer.reached) fail();
  switch (answer.status) {
    case 0:
      return;
    case kNameNotFound:
    case kPathNotFound:
      throw Failed{Status::no_such_file, "no such file"};
    case kAccessDenied:
      throw Failed{Status::permission_denied, "access denied"};
    case kNameCollision:
      throw Failed{Status::failure, "it exists"};
    case kDisconnected:
    case kReset:
    case kTimedOut:
      throw Failed{Status::connection_lost, "the connection was lost"};
    default: {
      char text[40];
      std::snprintf(text, sizeof text, "NT status 0x%08x", answer.status);
      throw Failed{Status::failure, text};
    }
  }
}

}  // namespace copick::smb
