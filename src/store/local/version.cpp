#include "store/local/version.h"

namespace copick::store {

std::string version_of(const struct stat& about) {
#ifdef __APPLE__
  const timespec& modified = about.st_mtimespec;
#else
  const timespec& modified = about.st_mtim;
#endif
  return std::to_string(modified.tv_sec) + "." + std::to_string(modified.tv_nsec) + "-" +
         std::to_string(about.st_size) + "-" + std::to_string(about.st_ino);
}

}  // namespace copick::store
