// Ops: what the command does, as functions: bring files into a project, take data out of it, change
// how it is stored, make pictures of it.
//
//   copick::Root root = copick::open("copick_config.json");
//   copick::Tomogram tomo = copick::add_tomogram(root, "TS_001.mrc", {.run = "TS_001", .input =
//   {.voxel_size = 10.0}}); copick::add_picks(root, "particles.star", {.object = "ribosome"});
//   copick::export_mrc(tomo, "out.mrc", {.level = 1});
//   copick::write_file("look.png", copick::render_png(root, tomo, {.picks = run.picks()}));
//
// A failed import leaves the project as it was, runs and voxel spacings included. A failed export
// leaves no file, and a file that was there before stays. Memory:  volumes pass through in slabs,
// whatever their size; exceptions are said. Threads: calls on distinct entities may run at once on
// one Root. Errors:  ConflictError (it exists and overwrite is off), NotFoundError (run, object,
// file), ValidationError
//          (voxel size unknown, values that do not fit), PermissionError, CorruptError (the input
//          file), StorageError.
#pragma once

#include <copick/entities.h>
#include <copick/slab_source.h>

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace copick {

// --- Names ---

// The run, or NotFoundError with the nearest name there is. `doing` completes "cannot ...".
Run require_run(const Root& root, std::string_view name, const std::string& doing);
// The object of the config, likewise.
const PickableObject& require_object(const Root& root, std::string_view name,
                                     const std::string& doing);
// "did you mean 'ribosome'?", or "" when no known name is near.
std::string near_name(std::string_view wanted, const std::vector<std::string>& known);

// How a file's run follows from its name.
struct RunNaming {
  std::string run;             // not empty: this one, before `regex` is applied
  std::string regex = "(.*)";  // searched in the name without extension; its first group is the run
  std::string prefix;          // put before it
};
// nullopt: the expression is not found in the name. "data/TS_001.mrc.gz" -> "TS_001".
std::optional<std::string> run_name_of(const std::string& path, const RunNaming& naming = {});

// --- Volume files ---

enum class VolumeFile { automatic, mrc, tiff, zarr };

// How a volume file is to be read. Axes are 0 = z, 1 = y, 2 = x.
struct VolumeInput {
  VolumeFile file_type = VolumeFile::automatic;  // by extension; folders are Zarr
  std::optional<double> voxel_size;              // angstrom; default: what the file says
  std::vector<int>
      transpose;          // axis i of the result is axis transpose[i] of the file; {}: as stored
  std::vector<int> flip;  // axes of the result to reverse
};

// Opens a volume file: MRC (.mrc .map .rec .st, plain or compressed), TIFF stack (.tif .tiff) or
// Zarr (OME image or bare array, v2 or v3). voxel_size() is angstrom, rounded to 0.001, nullopt when neither the file nor
// `input` says it. A transpose that moves z, and a flip of z in a compressed file, read the whole
// volume into memory.
std::unique_ptr<SlabSource> open_volume_file(const std::string& path,
                                             const VolumeInput& input = {});

// --- Import ---

struct AddTomogram {
  std::string run;
  std::string tomo_type = "wbp";
  VolumeInput input;
  bool create = true;      // make the run when it does not exist
  bool overwrite = false;  // replace a tomogram that is there
  // With a pyramid the data are stored as float32 and `write.levels` (default 3) levels are made;
  // without, one level of the file's own type.
  bool create_pyramid = true;
  WriteOptions write;
};
Tomogram add_tomogram(Root& root, const std::string& path, const AddTomogram& options);

struct AddSegmentation {
  std::string run;
  std::string name;
  std::string user_id = "copick";
  std::string session_id = "1";
  SegmentationKind kind = SegmentationKind::multilabel;
  VolumeInput input;
  bool create = true;
  bool overwrite = false;
  WriteOptions
      write;  // dtype: default the smallest unsigned type that holds every label; nothing wraps
};
Segmentation add_segmentation(Root& root, const std::string& path, const AddSegmentation& options);

enum class PicksFile { automatic, csv, star };
enum class RelionVersion { automatic, relion4, relion5 };

struct AddPicks {
  std::string object;
  // Run for rows that name none. Where rows name tomograms: only the rows of this one are taken;
  // empty: each tomogram's rows go to the run of its name.
  std::string run;
  std::string run_if_unnamed;  // as `run`, but only where no row names a tomogram
  std::string user_id = "copick";
  std::string session_id = "1";
  PicksFile file_type = PicksFile::automatic;  // by extension: .csv, .star
  std::optional<double> voxel_size;  // angstrom; STAR: unit of pixel coordinates as a last resort
  std::optional<double> tilt_series_pixel_size;  // angstrom; STAR
  std::string
      tomograms_star;  // STAR: where tomogram centres are read from; "": project's tomograms
  RelionVersion relion_version = RelionVersion::automatic;
  bool create = true;
  bool overwrite = false;  // replace the points of picks that are there; their other members stay
};
// One entity per run, in the order of the file. Scores and instance ids are kept.
std::vector<Picks> add_picks(Root& root, const std::string& path, const AddPicks& options);

struct AddObject {
  PickableObject object;
  std::optional<FilamentSpec> filament;  // declares the object a filament
  bool exist_ok = false;                 // change the object of that name
  std::string volume;                    // density map to go with it; "": none
  VolumeInput input;
};
// Adds the object, its map if there is one, and saves the config; nothing is changed when one of
// them fails.
Object add_object(Root& root, const AddObject& options);
// Gives a particle its density map (float32, one level), replacing the one it has.
Object add_object_volume(Root& root, const std::string& object, const std::string& path,
                         const VolumeInput& input = {});

// --- Export ---

struct ExportVolume {
  int level = 0;
  std::optional<int> channel;  // of a 4-D volume: only 3-D ones fit most files
  std::optional<DType> dtype;  // MRC: int8, int16, uint16, float16 or float32
  Progress progress;
};
// MRC. Without a dtype, integers become int16, uint16 or float32, the first that holds them all;
// others float32.
void export_mrc(const Volume& volume, const std::string& path, const ExportVolume& options = {});
// TIFF, a page a section, uncompressed in the stored type; the voxel size is not in it.
void export_tiff(const Volume& volume, const std::string& path, const ExportVolume& options = {});
// NumPy's .npy in the stored type.
void export_npy(const Volume& volume, const std::string& path, const ExportVolume& options = {});
// A region of a volume in the stored type: .npy, or the elements alone (C order, little-endian).
void export_region(const Volume& volume, const Region& region, const std::string& path,
                   bool raw = false);
// The same, handed over piece by piece, in order.
void stream_region(const Volume& volume, const Region& region, bool raw,
                   const std::function<void(ByteView)>& take);
// A copy of the Zarr store, bytes as they are, all levels. `root` is the volume's project. `path`
// must not exist unless `overwrite`.
void export_zarr(const Root& root, const Volume& volume, const std::string& path,
                 bool overwrite = false);
// One level as a new OME-Zarr image of the same Zarr version.
void export_zarr_level(const Volume& volume, const std::string& path,
                       const ExportVolume& options = {}, bool overwrite = false);

struct ExportPicks {
  PicksFile file_type = PicksFile::csv;
  // The rest is for STAR. Sizes are angstrom.
  std::optional<double> voxel_size;  // required: tomograms of this size give the centres
  std::optional<double> tilt_series_pixel_size;  // adds pixel coordinates and the optics table
  std::string tomograms_star;  // centres, pixel sizes and optics, before all others
  std::string tomo_type;       // the tomogram that gives the centre; "": the first by name
  bool centred_only = false;   // no pixel coordinates; every centre must be known
  bool optics = true;
  enum class FilamentColumns { automatic, on, off } filament_columns = FilamentColumns::automatic;
  enum class FilamentAngles { frame, pose } filament_angles = FilamentAngles::frame;
  bool polarity_from_filaments = true;  // else unknown for every pick
  std::string filaments_uri;  // where the polarity is looked up; "": under the picks' own names
  bool half_sets = false;     // rlnRandomSubset, whole filaments
};
// All of `picks` as one table.
std::string picks_text(const Root& root, std::span<const Picks> picks, const ExportPicks& options);
// Input of RELION's Import Coordinates job: an index at `path`, one file a run in coordinates/
// beside it. Gives the paths written.
std::vector<std::string> export_coordinate_files(const Root& root, std::span<const Picks> picks,
                                                 const std::string& path,
                                                 const ExportPicks& options);

// Wavefront OBJ: vertices in angstrom, world coordinates, all parts in one.
std::string mesh_obj(const Mesh& mesh);

// Writes a whole file on the local disk atomically, making its folder.
void write_file(const std::string& path, ByteView bytes);

// --- Migration ---

// Shards of Zarr v3 where no shape is given. automatic: of at most 64 MB (usual_shard_bytes);
// level: one a level, as copick 2 lays a volume out; none: each chunk is stored for itself.
enum class Sharding { automatic, level, none };

struct Migrate {
  ZarrFormat to = ZarrFormat::keep;
  std::optional<Shape> chunks;  // (z, y, x); default: those it has, or the other version's own
  std::optional<Shape> shards;  // (z, y, x), v3
  Sharding sharding = Sharding::automatic;
  Compression compression = Compression::by_format;  // by_format: keep where the version stays
  bool to_overlay = false;  // of a static volume, make a copy in the overlay
  bool dry_run = false;     // say what would be done
  Durability durability = Durability::full;
  Progress progress;  // counts every voxel twice: copied, and compared
};
struct MigratedLevel {
  LevelInfo before, after;
  std::uint64_t units = 0;  // chunks, or shards, that the level is stored in afterwards
};
struct Migration {
  bool needed = false;  // false: it is so already
  bool done = false;
  int from = 2, to = 2;  // Zarr versions
  std::string url;       // of the result
  std::vector<MigratedLevel> levels;
  std::uint64_t units_found = 0;  // of these an interrupted migration had written before
};
// Changes Zarr version, chunks, shards or compressor of a volume that is there. Voxels of every
// level stay as they are and are compared before the old layout goes; the volume is whole at any
// moment, and an interrupted migration goes on when it is asked for again: docs/format/migrate.md.
// PermissionError (static, unless to_overlay), ConflictError (somebody migrates it or writes to it,
// the overlay holds one already), CorruptError (the copy reads back differently).
Migration migrate(Root& root, Volume& volume, const Migrate& options = {});

// --- Pictures ---

struct Render {
  int level = -1;  // -1: coarse enough for about `pixels` pixels
  int pixels =
      1000;  // longer side aimed at when the level is chosen, or small volumes are enlarged
  std::optional<int>
      axis;  // 0, 1, 2 = z, y, x: one slice; nullopt: three slices through the middle
  std::optional<std::int64_t>
      index;        // of the slice along `axis`, in voxels of level 0; default: the middle
  int channel = 0;  // of 4-D volumes
  double darkest = 0.5,
         brightest = 99.5;   // percentiles of the shown voxels that become black and white
  std::vector<Picks> picks;  // circles where their spheres meet the slice
  std::vector<Segmentation> segmentations;  // tinted, with an outline
  bool scale_bar = true;
};
// PNG. Decodes only the slices shown. A segmentation is drawn in the colours of its objects.
Bytes render_png(const Root& root, const Volume& volume, const Render& options = {});
Bytes render_png(const Root& root, const Segmentation& segmentation, const Render& options = {});

}  // namespace copick
