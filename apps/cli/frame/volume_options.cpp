#include "frame/volume_options.h"

#include <algorithm>

namespace copick::cli {

namespace {

std::vector<std::int64_t> integers_of(const std::string& option, const std::string& text) {
  std::vector<std::int64_t> numbers;
  std::size_t at = 0;
  while (at <= text.size()) {
    const auto end = std::min(text.find(',', at), text.size());
    std::string field = text.substr(at, end - at);
    field.erase(0, field.find_first_not_of(' '));
    const auto number = to_integer(field);
    if (!number)
      throw UsageError("Invalid value for '--" + option + "': '" + text +
                       "' is not integers separated by commas.");
    numbers.push_back(*number);
    at = end + 1;
  }
  return numbers;
}

std::vector<int> axes_of(const Context& context, const std::string& option) {
  const auto text = context.args.maybe_text(option);
  if (!text) return {};
  std::vector<int> axes;
  for (const std::int64_t axis : integers_of(option, *text)) {
    if (axis < 0 || axis > 2) {
      throw UsageError("Invalid value for '--" + option + "': there is no axis " +
                       std::to_string(axis) + "; axes are 0 = z, 1 = y, 2 = x.");
    }
    axes.push_back(static_cast<int>(axis));
  }
  if (option == "transpose") {
    std::vector<int> sorted = axes;
    std::sort(sorted.begin(), sorted.end());
    if (sorted != std::vector<int>{0, 1, 2})
      throw UsageError("Invalid value for '--transpose': '" + *text +
                       "' is not an order of 0,1,2.");
  }
  return axes;
}

}  // namespace

std::vector<OptionSpec> volume_input_options() {
  return std::vector<OptionSpec>{
             {.names = "--file-type",
              .value = Value::text,
              .choices = {"mrc", "tiff", "zarr"},
              .help = "Type of the file. Default: by its extension (.mrc .map .rec .st .ccp4, also "
                      "with .gz or .bz2; .tif .tiff; .zarr)."},
             {.names = "--voxel-size",
              .value = Value::number,
              .help = "Voxel size in angstrom. Overrides what the file says."}} +
         orientation_options();
}

VolumeInput volume_input(const Context& context) {
  VolumeInput input;
  const std::string type = context.args.text("file-type");
  if (type == "mrc") input.file_type = VolumeFile::mrc;
  if (type == "tiff") input.file_type = VolumeFile::tiff;
  if (type == "zarr") input.file_type = VolumeFile::zarr;
  input.voxel_size = context.args.number("voxel-size");
  if (input.voxel_size && !(*input.voxel_size > 0))
    throw UsageError("Invalid value for '--voxel-size': it must be a positive number of angstrom.");
  input.transpose = axes_of(context, "transpose");
  input.flip = axes_of(context, "flip");
  return input;
}

Shape lengths_of(const std::string& option, const std::string& text) {
  const std::vector<std::int64_t> lengths = integers_of(option, text);
  if (lengths.size() != 3 ||
      std::any_of(lengths.begin(), lengths.end(), [](std::int64_t n) { return n < 1; }))
    throw UsageError("Invalid value for '--" + option + "': '" + text +
                     "' is not three positive lengths z,y,x.");
  return lengths;
}

void take_storage(const Context& context, WriteOptions& write) {
  const std::string format = context.args.text("zarr-format");
  if (format == "2") write.zarr_format = ZarrFormat::v2;
  if (format == "3") write.zarr_format = ZarrFormat::v3;
  const std::string shards = context.args.text("shards");
  if (format == "2" && shards != "auto")
    context.refuse("Invalid value for '--shards': Zarr 2 has no shards.");
  if (shards == "level")
    write.shard_bytes.reset();
  else if (shards != "auto")
    write.shards = lengths_of("shards", shards);
  if (!context.args.flag("fsync")) write.durability = Durability::none;
}

}  // namespace copick::cli
