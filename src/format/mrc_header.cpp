// Reading an MRC header that may lie.
//   1. The machine stamp proposes a byte order; without a known stamp it is little-endian.
//   2. If the header makes no sense that way (mode, sizes, extended header, length of the file) but
//      does the other way round, the stamp was wrong: some programs swap the data and forget the stamp.
//   3. Sizes are multiplied with overflow checks and compared with the length of the file.
// Odd things that do no harm (no "MAP ", permuted axes, extra bytes at the end) are remarks, not
// errors.
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include <fmt/core.h>

#include <copick/error.h>

#include "base/checked.h"
#include "base/logging.h"
#include "format/mrc.h"
#include "format/mrc_layout.h"

namespace copick::format {
namespace {

[[noreturn]] void corrupt(const std::string& where, std::string why, std::string hint = "") {
  throw CorruptError({"read the MRC file", where, std::move(why), std::move(hint)});
}

// The 1024 bytes, read in one byte order.
class Fields {
 public:
  Fields(ByteView bytes, bool big_endian)
      : bytes_(bytes), swap_(big_endian != (std::endian::native == std::endian::big)) {}

  std::int32_t integer(std::size_t offset) const {
    std::uint32_t bits;
    std::memcpy(&bits, bytes_.data() + offset, sizeof bits);
    if (swap_) bits = __builtin_bswap32(bits);
    return std::bit_cast<std::int32_t>(bits);
  }
  float real(std::size_t offset) const { return std::bit_cast<float>(integer(offset)); }
  std::int32_t integer(std::size_t offset, int i) const { return integer(offset + 4 * i); }
  float real(std::size_t offset, int i) const { return real(offset + 4 * i); }

 private:
  ByteView bytes_;
  bool swap_;
};

// Modes of the standard that copick does not read.
const char* refused_mode(std::int32_t mode) {
  if (mode == 3) return "complex 16-bit integers";
  if (mode == 101) return "packed 4-bit integers";
  return nullptr;
}

bool sizes_are_positive(const Fields& fields) {
  for (int i = 0; i < 3; ++i) {
    if (fields.integer(mrc::at::size, i) < 1) return false;
  }
  return true;
}

// Offset of the first byte after the data; nullopt when the sizes make no sense or overflow.
std::optional<std::uint64_t> end_of_data(const Fields& fields) {
  const auto dtype = mrc::dtype_of_mode(fields.integer(mrc::at::mode));
  const std::int32_t extended = fields.integer(mrc::at::extended);
  if (!dtype || extended < 0 || !sizes_are_positive(fields)) return std::nullopt;
  std::optional<std::uint64_t> bytes = size_of(*dtype);
  for (int i = 0; i < 3 && bytes; ++i) {
    bytes = base::checked_multiply(*bytes,
                                   static_cast<std::uint64_t>(fields.integer(mrc::at::size, i)));
  }
  if (!bytes || *bytes > std::numeric_limits<std::int64_t>::max() / 2) return std::nullopt;
  return mrc::kHeaderSize + static_cast<std::uint64_t>(extended) + *bytes;
}

bool makes_sense(const Fields& fields, std::uint64_t file_size) {
  if (!sizes_are_positive(fields)) return false;
  if (refused_mode(fields.integer(mrc::at::mode))) return true;
  const auto end = end_of_data(fields);
  return end && (file_size == 0 || *end <= file_size);
}

enum class Stamp { little, big, unknown };

Stamp machine_stamp(ByteView bytes) {
  const auto first = static_cast<unsigned>(bytes[mrc::at::machine]);
  const auto second = static_cast<unsigned>(bytes[mrc::at::machine + 1]);
  if (first == 0x44 && (second == 0x44 || second == 0x41)) return Stamp::little;
  if (first == 0x11 && second == 0x11) return Stamp::big;
  return Stamp::unknown;
}

// Steps 1 and 2.
bool is_big_endian(ByteView bytes, std::uint64_t file_size, const std::string& where) {
  const Stamp stamp = machine_stamp(bytes);
  const bool proposed = stamp == Stamp::big;
  if (makes_sense(Fields(bytes, proposed), file_size) ||
      !makes_sense(Fields(bytes, !proposed), file_size)) {
    return proposed;
  }
  if (stamp != Stamp::unknown) {
    base::warn(fmt::format("{}: the machine stamp says {}-endian, the header is {}-endian; read so",
                           where, proposed ? "big" : "little", proposed ? "little" : "big"));
  }
  return !proposed;
}

void refuse_bad_mode(const Fields& fields, const std::string& where) {
  const std::int32_t mode = fields.integer(mrc::at::mode);
  if (mrc::dtype_of_mode(mode)) return;
  if (const char* name = refused_mode(mode)) {
    throw ValidationError({"read the MRC file", where,
                           fmt::format("its mode {} ({}) is not one copick reads", mode, name),
                           "convert it, for example with IMOD: newstack -mode 2 in.mrc out.mrc"});
  }
  corrupt(where, fmt::format("found mode {}; expected 0, 1, 2, 4, 6 or 12", mode),
          "is this an MRC file?");
}

// A file of the volume-stack space groups holds several volumes on top of each other.
void refuse_volume_stack(const Fields& fields, const std::string& where) {
  const std::int32_t group = fields.integer(mrc::at::space_group);
  const std::int32_t depth = fields.integer(mrc::at::sampling, 2);
  const std::int32_t sections = fields.integer(mrc::at::size, 2);
  if (group < 401 || group > 630 || depth < 1 || sections <= depth) return;
  throw ValidationError(
      {"read the MRC file", where,
       fmt::format("it is a stack of {} volumes (space group {})", sections / depth, group),
       "extract one volume first"});
}

// Step 3. Fills shape, dtype and data_offset.
void read_sizes(const Fields& fields, std::uint64_t file_size, const std::string& where,
                MrcHeader& header) {
  const std::int32_t columns = fields.integer(mrc::at::size, 0);
  const std::int32_t rows = fields.integer(mrc::at::size, 1);
  const std::int32_t sections = fields.integer(mrc::at::size, 2);
  if (!sizes_are_positive(fields)) {
    corrupt(where,
            fmt::format("found {} columns, {} rows, {} sections; expected positive numbers",
                        columns, rows, sections),
            "is this an MRC file?");
  }
  refuse_bad_mode(fields, where);
  refuse_volume_stack(fields, where);
  const std::int32_t extended = fields.integer(mrc::at::extended);
  if (extended < 0) corrupt(where, fmt::format("the extended header has {} bytes", extended));
  header.shape = {sections, rows, columns};
  header.mode = fields.integer(mrc::at::mode);
  header.dtype = *mrc::dtype_of_mode(header.mode);
  header.data_offset = mrc::kHeaderSize + static_cast<std::uint64_t>(extended);
  const auto end = end_of_data(fields);
  const std::string promise =
      fmt::format("{} x {} x {} {} voxels after {} header bytes", columns, rows, sections,
                  name_of(header.dtype), header.data_offset);
  if (!end) corrupt(where, "the header promises an impossible size: " + promise);
  if (file_size != 0 && *end > file_size) {
    corrupt(where, fmt::format("found {} bytes; expected {} ({})", file_size, *end, promise),
            "the copy was probably interrupted");
  }
  if (file_size > *end) {
    base::log(LogLevel::info,
              fmt::format("{}: {} bytes after the data are ignored", where, file_size - *end));
  }
}

void read_cell(const Fields& fields, const std::string& where, MrcHeader& header) {
  for (int i = 0; i < 3; ++i) {
    header.start[i] = fields.integer(mrc::at::start, i);
    const double length = fields.real(mrc::at::cell, i);
    const std::int32_t intervals = fields.integer(mrc::at::sampling, i);
    if (intervals < 1 || !std::isfinite(length) || length <= 0) continue;
    // Single precision, so that the same header gives the same number as other programs report.
    header.voxel_size[i] = static_cast<float>(length / intervals);
  }
  const auto [x, y, z] = header.voxel_size;
  constexpr double noise = 1e-3;  // relative; cells are single precision and often rounded
  if (x > 0 && (std::abs(y - x) > noise * x || std::abs(z - x) > noise * x)) {
    base::warn(fmt::format("{}: voxels are {} x {} x {} angstrom; the first is taken for all axes",
                           where, x, y, z));
  }
}

void remark_oddities(ByteView bytes, const Fields& fields, const std::string& where) {
  if (as_text(bytes.subspan(mrc::at::map, 3)) != "MAP") {
    base::warn(where + ": no 'MAP ' in the header; read as an MRC file from before 2000");
  }
  const int c = fields.integer(mrc::at::axes, 0), r = fields.integer(mrc::at::axes, 1),
            s = fields.integer(mrc::at::axes, 2);
  const bool unset = c == 0 && r == 0 && s == 0;
  if (!unset && !(c == 1 && r == 2 && s == 3)) {
    base::warn(
        fmt::format("{}: its axes are permuted ({}, {}, {}); read as stored", where, c, r, s));
  }
  const bool unsigned_bytes = fields.integer(mrc::at::mode) == 0 &&
                              fields.integer(mrc::at::imod_stamp) == mrc::kImodStamp &&
                              (fields.integer(mrc::at::imod_flags) & 1) == 0;
  if (unsigned_bytes) {
    base::warn(where + ": IMOD marks its bytes as unsigned; read as signed, as MRC2014 has them");
  }
}

}  // namespace

MrcHeader parse_mrc_header(ByteView first_1024, std::uint64_t file_size, const std::string& where) {
  if (first_1024.size() < mrc::kHeaderSize) {
    corrupt(where, fmt::format("found {} bytes; an MRC header has {}", first_1024.size(),
                               mrc::kHeaderSize));
  }
  MrcHeader header;
  header.big_endian = is_big_endian(first_1024, file_size, where);
  const Fields fields(first_1024, header.big_endian);
  read_sizes(fields, file_size, where, header);
  read_cell(fields, where, header);
  remark_oddities(first_1024, fields, where);
  return header;
}

}  // namespace copick::format
