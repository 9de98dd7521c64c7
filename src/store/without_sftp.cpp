// What ssh:// URLs are in a build without libssh.
#include "store/sftp.h"

#include <copick/error.h>

namespace copick::store {

StorePtr open_sftp(const StoreUrl& url, const Json&) {
  throw ValidationError({"open a store", without_secrets(url.scheme + "://" + url.rest),
                         "this copick was built without SFTP",
                         "build it with COPICK_WITH_SSH=ON, or mount the folder"});
}

}  // namespace copick::store
