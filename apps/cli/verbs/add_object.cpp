#include "frame/facts.h"
#include "frame/volume_options.h"
#include "verbs/verbs.h"

#include <copick/error.h>
#include <copick/ops.h>

#include <algorithm>

namespace copick::cli {

namespace {

Color color_of(const Context& context, const std::string& text) {
  Color color{};
  std::size_t at = 0, count = 0;
  while (at <= text.size()) {
    const auto end = std::min(text.find(',', at), text.size());
    std::string field = text.substr(at, end - at);
    field.erase(0, field.find_first_not_of(' '));
    const auto value = to_integer(field);
    if (!value || *value < 0 || *value > 255)
      context.refuse("Invalid value for '--color': '" + field +
                     "' is not an integer from 0 to 255.");
    if (count < 4) color[count] = static_cast<std::uint8_t>(*value);
    ++count;
    at = end + 1;
  }
  if (count != 4) context.refuse("Invalid value for '--color': four values are needed, R,G,B,A.");
  return color;
}

Json metadata_of(const Context& context, const std::string& text) {
  try {
    Json metadata = Json::parse(text, "--metadata");
    if (metadata.is_object()) return metadata;
  } catch (const CorruptError& error) {
    context.refuse(std::string("Invalid value for '--metadata': ") + error.what());
  }
  context.refuse("Invalid value for '--metadata': it must be a JSON object, {...}.");
}

std::optional<FilamentSpec> filament_of(const Context& context) {
  const Arguments& args = context.args;
  const bool wanted = args.text("object-type") == "filament";
  for (const char* name : {"polar", "helical-rise", "helical-twist"}) {
    if (args.has(name) && !wanted)
      context.refuse(std::string("--") + name + " is for --object-type filament only.");
  }
  if (!wanted) return std::nullopt;
  FilamentSpec spec;
  if (args.has("polar")) spec.polar = args.flag("polar");
  spec.helical_rise_a = args.number("helical-rise");
  spec.helical_twist_deg = args.number("helical-twist");
  return spec;
}

// Over `before`, the object of that name, only what was typed changes.
PickableObject object_of(const Context& context, const PickableObject* before) {
  const Arguments& args = context.args;
  PickableObject object;
  if (before)
    object = *before;
  else
    object.label.reset();  // the next free one
  object.name = args.text("name");
  if (!before || args.has("object-type")) {
    object.is_particle = args.text("object-type") != "segmentation";
    if (before && before->is_filament() && args.text("object-type") != "filament") {
      object.set_filament(std::nullopt);
      // Without any member the metadata would count as not given, and the old ones would stay.
      if (object.metadata.members().empty()) object.metadata["copick"] = Json::object();
    }
  }
  if (const auto label = args.integer("label")) object.label = label;
  if (const auto color = args.maybe_text("color")) object.color = color_of(context, *color);
  if (const auto id = args.maybe_text("emdb-id")) object.emdb_id = *id;
  if (const auto id = args.maybe_text("pdb-id")) object.pdb_id = *id;
  if (const auto id = args.maybe_text("identifier")) object.identifier = *id;
  if (const auto threshold = args.number("map-threshold")) object.map_threshold = threshold;
  if (!before || args.has("radius")) object.radius = args.number("radius");
  if (const auto metadata = args.maybe_text("metadata"))
    object.metadata = metadata_of(context, *metadata);
  return object;
}

int run(Context& context) {
  const std::optional<FilamentSpec> filament = filament_of(context);
  AddObject options;
  options.exist_ok = context.args.flag("exist-ok");
  options.filament = filament;
  options.volume = context.args.text("volume");
  if (context.args.text("volume-format") == "zarr")
    options.input.file_type = VolumeFile::zarr;
  else if (context.args.has("volume-format"))
    options.input.file_type = VolumeFile::mrc;
  options.input.voxel_size = context.args.number("voxel-size");
  Root root = context.open_project();
  const PickableObject* before =
      options.exist_ok ? root.config().find_object(context.args.text("name")) : nullptr;
  options.object = object_of(context, before);
  const bool changed = before != nullptr;
  const Object object = add_object(root, options);
  context.done(std::string(changed ? "changed" : "added") + " object " + object.name() +
               ", label " +
               (object.definition().label ? std::to_string(*object.definition().label) : "none"));
  if (context.json()) context.print_json(object_facts(object.definition()));
  return 0;
}

std::vector<OptionSpec> object_options() {
  return {
      {.names = "--name", .value = Value::text, .help = "Name of the object.", .required = true},
      {.names = "--object-type",
       .value = Value::text,
       .choices = {"particle", "segmentation", "filament"},
       .fallback = "particle",
       .help = "Annotated by points, by masks, or by points ordered along filaments."},
      {.names = "--label",
       .value = Value::integer,
       .help = "Its value in multilabel segmentations. Default: the next free one."},
      {.names = "--color",
       .value = Value::text,
       .metavar = "R,G,B,A",
       .help = "Color, for example 255,0,0,255. Default: grey."},
      {.names = "--emdb-id", .value = Value::text, .help = "EMDB ID of the object."},
      {.names = "--pdb-id", .value = Value::text, .help = "PDB ID of the object."},
      {.names = "--identifier",
       .value = Value::text,
       .help = "Identifier in an ontology or database, for example GO:0005840."},
      {.names = "--map-threshold", .value = Value::number, .help = "Isosurface level of its map."},
      {.names = "--radius",
       .value = Value::number,
       .fallback = "50",
       .help = "Radius in angstrom; of a filament, that of its tube."},
      {.names = "--polar/--apolar", .help = "Filaments: whether the structure has a polarity."},
      {.names = "--helical-rise",
       .value = Value::number,
       .help = "Filaments: rise a subunit, angstrom."},
      {.names = "--helical-twist",
       .value = Value::number,
       .help = "Filaments: twist a subunit, degrees."},
      {.names = "--metadata",
       .value = Value::text,
       .metavar = "JSON",
       .help = "Further members, a JSON object."},
      {.names = "--volume",
       .value = Value::existing_file,
       .help = "Density map to store with the object."},
      {.names = "--volume-format",
       .value = Value::text,
       .choices = {"mrc", "zarr", "map"},
       .help = "Type of the map's file. Default: by its extension."},
      {.names = "--exist-ok/--no-exist-ok",
       .fallback = "no-exist-ok",
       .help = "Change the object of that name; only what is given changes."},
      {.names = "--voxel-size",
       .value = Value::number,
       .help = "Voxel size of the map in angstrom. Overrides what its file says."}};
}

}  // namespace

Command add_object_command() {
  return {.path = "add object",
          .summary = "Add a pickable object to the project configuration.",
          .details =
              "The configuration is rewritten in place; members this program does not know stay in "
              "it.\n"
              "\nExamples:\n\n"
              "  copick add object --name ribosome --radius 130 --pdb-id 6QZP -c config.json\n"
              "  copick add object --name microtubule --object-type filament --polar",
          .options = std::vector<OptionSpec>{config_option()} + object_options() + common_options(),
          .run = run};
}

}  // namespace copick::cli
