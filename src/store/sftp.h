// A folder of an SFTP server as a Store. docs/format/storage.md, section 10, tells the protocol, the
// arguments and what version 3 of SFTP cannot promise.
//
// Nothing is connected before the first use. Reading follows symlinks, writing never leaves the
// root through one. Threads: any; each call has a connection of its own. Errors: PermissionError
// for a host key or a login that is refused; StorageError when a lost connection could not be made
// again.
#pragma once

#include "store/url.h"

#include <copick/json.h>
#include <copick/store.h>

#include <string_view>

namespace copick::store {

// ssh:// and sftp:// URLs. Arguments win over the URL. ValidationError.
StorePtr open_sftp(const StoreUrl& url, const Json& arguments);
// The arguments that mean something, each between blanks.
constexpr std::string_view kSftpArguments =
    " host hostname port username user password client_keys key_filename passphrase known_hosts "
    "config agent_path allow_agent connect_timeout timeout auto_mkdir max_sessions ";

}  // namespace copick::store
