// A bucket as a Store: Amazon S3 and what speaks its language (MinIO, Ceph, versitygw, Garage ...),
// and Google Cloud Storage. docs/format/storage.md, section 9.
#pragma once

#include <copick/json.h>
#include <copick/store.h>

#include <cstdint>
#include <string_view>

namespace copick::store {

enum class S3Dialect { amazon, google };

// Sizes at which values are written and copied in parts. Parts but the last are at least 5 MiB.
struct S3Limits {
  std::uint64_t part = 16 << 20;
  std::uint64_t whole_put = 64 << 20;                 // up to here in one request
  std::uint64_t whole_copy = std::uint64_t{4} << 30;  // the same
  std::uint64_t copy_part = std::uint64_t{1} << 30;
};

// `place` is "bucket/prefix"; arguments are those of fs_args. Throws ValidationError for a bucket
// whose name no bucket can have.
StorePtr open_s3(std::string_view place, const Json& arguments, S3Dialect dialect,
                 const S3Limits& limits = {});

}  // namespace copick::store
