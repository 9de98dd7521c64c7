// Chained URLs: a file of one store that is a store itself, and caches in between, in the spelling
// of fsspec. docs/format/storage.md, section 2, has the grammar.
//
//   zip://inner/folder::s3://bucket/project.zip       simplecache::ssh://host/data
//
// Threads: any. Errors: as open_store.
#pragma once

#include <copick/json.h>
#include <copick/store.h>

#include <string_view>

namespace copick::store {

// It has a "::", or begins with one of the schemes below.
bool is_chain(std::string_view url);
// `arguments` is an object or null: members that are named like a layer's scheme and are objects go
// to that layer, the rest to the first one.
StorePtr open_chain(std::string_view url, const Json& arguments);
// For the message about an unknown scheme: "zip://, simplecache::, ".
std::string_view chain_schemes();

}  // namespace copick::store
