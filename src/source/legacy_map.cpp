#include "source/legacy_map.h"

#include "array/convert.h"
#include "format/mrc.h"

#include <copick/error.h>

namespace copick::source {

namespace {

class LegacyMap : public SlabSource {
 public:
  LegacyMap(format::MrcHeader header, Bytes file, std::string where)
      : header_(std::move(header)), file_(std::move(file)), where_(std::move(where)) {}

  DType dtype() const override { return header_.dtype; }
  const Shape& shape() const override { return header_.shape; }
  std::optional<double> voxel_size() const override {
    return header_.voxel_size[0] > 0 ? std::optional<double>(header_.voxel_size[0]) : std::nullopt;
  }
  void read_slab(std::int64_t z_begin, std::int64_t z_end, ArrayView destination) override {
    read_box({z_begin, 0, 0}, {z_end, header_.shape[1], header_.shape[2]}, std::move(destination));
  }
  bool can_read_boxes() const override { return true; }
  void read_box(const Shape& begin, const Shape& end, ArrayView destination) override {
    ConstArrayView all{file_.data() + header_.data_offset, header_.dtype, header_.shape,
                       c_strides(header_.shape, size_of(header_.dtype))};
    const ConstArrayView box = array::subview(all, begin, end);
    if (header_.big_endian)
      array::copy_convert_swapped(box, destination);
    else
      array::copy_convert(box, destination);
  }
  std::string where() const override { return where_; }

 private:
  format::MrcHeader header_;
  Bytes file_;
  std::string where_;
};

}  // namespace

std::unique_ptr<SlabSource> open_legacy_map(const StorePtr& store, const std::string& key) {
  constexpr std::size_t header_bytes = 1024;
  const std::string where = store->url(key);
  std::optional<Bytes> file = store->get(key);
  if (!file)
    throw NotFoundError({"read the density map", where, "the file is gone", "refresh the project"});
  if (file->size() < header_bytes) {
    throw CorruptError(
        {"read the density map", where,
         "the file has " + std::to_string(file->size()) + " bytes, an MRC header alone has 1024",
         "copy the file again"});
  }
  format::MrcHeader header =
      format::parse_mrc_header(file->view().first(header_bytes), file->size(), where);
  return std::make_unique<LegacyMap>(std::move(header), std::move(*file), where);
}

}  // namespace copick::source
