// SlabSource: a volume that can be read in parts, whatever it is stored in.
//
// Importers read from one and the pyramid writer consumes one, so a volume larger than memory
// passes through in parts. Every source gives slabs of whole planes; one that can also give boxes
// says so, and is then read in the order that suits the reader, by several threads. The pyramid
// writer spools any other first (docs/format/pyramid.md, section 4).
//
// Axes (z, y, x), or (channel, z, y, x) when channels() > 1. Threads: read_slab may be called from
// one thread at a time; slabs are asked for in ascending z, but any order must work (piped sources
// say so by can_seek() == false). read_box may be called from any number of threads at once.
#pragma once

#include <copick/array.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace copick {

class SlabSource {
 public:
  virtual ~SlabSource() = default;
  virtual DType dtype() const = 0;
  // (z, y, x) or (channel, z, y, x).
  virtual const Shape& shape() const = 0;
  // Edge of a voxel in angstrom where the source knows it.
  virtual std::optional<double> voxel_size() const = 0;
  // Fills `destination`, shaped as shape() but with z length z_end - z_begin and this source's
  // dtype. Throws CorruptError (truncated file), StorageError.
  virtual void read_slab(std::int64_t z_begin, std::int64_t z_end, ArrayView destination) = 0;
  virtual bool can_seek() const { return true; }
  // Path or URL for messages.
  virtual std::string where() const = 0;

  virtual bool can_read_boxes() const { return false; }
  // Fills `destination`, of shape end - begin, with the voxels from `begin` to `end` (exclusive),
  // one index per axis of shape(). Its dtype is this source's or any other that holds the values.
  // Throws as read_slab does; ValidationError where can_read_boxes() is false.
  virtual void read_box(const Shape& begin, const Shape& end, ArrayView destination);
  // Calls `use` once with the box's voxels where they lie, of this source's dtype, dense along the
  // last axis; they are there until it returns. false: they lie nowhere in memory, or went while
  // they were used: then what was made of them is worth nothing; read the box.
  virtual bool use_box(const Shape& begin, const Shape& end,
                       const std::function<void(const ConstArrayView&)>& use);
  // Boxes whose corners are multiples of this are read without reading anything twice; empty: any.
  virtual Shape box_grain() const { return {}; }
};

// The folder of files that a source is spooled into when it is neither readable in boxes nor small;
// "" (as it is at first): /var/tmp, else /tmp. They have no name, so nothing is left behind.
void set_temporary_folder(std::string folder);

}  // namespace copick
