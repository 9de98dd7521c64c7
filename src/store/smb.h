// A folder of a share of an SMB server as a Store. docs/format/storage.md, section 11.
//
// The work is done by the SFTP store, which talks to the program copick-smb instead of a server on
// the network. That program is a plug-in: it is built with COPICK_WITH_SMBCLIENT=ON, and looked for
// beside the running program and on the PATH. Without it, the first use is a ValidationError.
//
// Nothing is connected before the first use. Threads: any; each call has a connection of its own.
// Errors: PermissionError for a login that is refused; NotFoundError for a share that is not there.
#pragma once

#include "store/url.h"

#include <copick/json.h>
#include <copick/store.h>

#include <string_view>

namespace copick::store {

// Arguments win over the URL. ValidationError.
StorePtr open_smb(const StoreUrl& url, const Json& arguments);
// The arguments that need no remark, each between blanks. How others share a file is no matter
// here: it is open for moments only.
constexpr std::string_view kSmbArguments =
    " host port username user password workgroup timeout encrypt share_access "
    "register_session_retries register_session_retry_wait register_session_retry_factor "
    "auto_mkdir temppath ";

}  // namespace copick::store
