// config new, and config filesystem, which is the reference's spelling of the same.
#include "frame/context.h"
#include "verbs/verbs.h"

#include <copick/error.h>
#include <copick/open.h>

#include <algorithm>
#include <cctype>
#include <filesystem>

namespace copick::cli {

namespace {

std::vector<std::string> fields_of(const std::string& text) {
  std::vector<std::string> fields;
  std::size_t at = 0;
  while (at <= text.size()) {
    const auto end = std::min(text.find(',', at), text.size());
    std::string field = text.substr(at, end - at);
    field.erase(0, field.find_first_not_of(' '));
    field.erase(field.find_last_not_of(' ') + 1);
    fields.push_back(std::move(field));
    at = end + 1;
  }
  return fields;
}

// "name,is_particle[,radius[,pdb_id]]"
PickableObject object_of(const std::string& text) {
  const auto refuse = [&](const std::string& why) {
    throw UsageError("Invalid value for '--objects': '" + text + "' " + why);
  };
  const std::vector<std::string> fields = fields_of(text);
  if (fields.size() < 2 || fields.size() > 4) refuse("is not name,is_particle[,radius[,pdb_id]].");
  std::string particle = fields[1];
  std::transform(particle.begin(), particle.end(), particle.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (particle != "true" && particle != "false")
    refuse("has '" + fields[1] + "' where True or False is expected.");
  PickableObject object{.name = fields[0], .is_particle = particle == "true", .label = {}};
  if (fields.size() > 2) {
    object.radius = to_number(fields[2]);
    if (!object.radius) refuse("has the radius '" + fields[2] + "', which is not a number.");
    if (!object.is_particle) refuse("gives a radius to an object that is not a particle.");
  }
  if (fields.size() > 3) object.pdb_id = fields[3];
  return object;
}

std::string root_url(const std::string& folder) {
  if (folder.find("://") != std::string::npos) return folder;
  return "local://" + std::filesystem::absolute(folder).lexically_normal().string();
}

int run(Context& context) {
  NewProject project{.name = context.args.text("proj-name"),
                     .description = context.args.text("proj-description")};
  for (const std::string& text : context.args.texts("objects"))
    project.objects.push_back(object_of(text));
  std::int64_t label = 1;
  for (PickableObject& object : project.objects) object.label = label++;
  project.overlay_root = root_url(context.args.text("overlay-root"));
  if (const auto root = context.args.maybe_text("static-root"))
    project.static_root = root_url(*root);
  const std::string path = context.args.text("config");
  try {
    create(path, project, context.args.flag("force"));
  } catch (const ConflictError&) {
    throw ConflictError({"create the project", path, "the config file exists already",
                         "choose another path with --config, or replace it with --force"});
  }
  context.done("created " + path);
  if (context.json())
    context.print_json(Json::object(
        {{"config", Json::string(path)}, {"overlay_root", Json::string(project.overlay_root)}}));
  return 0;
}

Command command(const std::string& path) {
  return {.path = path,
          .summary = "Create the configuration of a project in folders.",
          .details =
              "The overlay is read and written, the static folder only read. Neither has to exist "
              "yet. An existing "
              "configuration is replaced with --force only.\n"
              "\nExamples:\n\n"
              "  copick config new --overlay-root ./project --objects ribosome,True,130,6QZP \\\n"
              "      --objects membrane,False --config copick_config.json",
          .options =
              std::vector<OptionSpec>{
                  {.names = "--overlay-root",
                   .value = Value::text,
                   .metavar = "DIRECTORY",
                   .help = "Folder (or URL) for everything that is written.",
                   .required = true},
                  {.names = "--static-root",
                   .value = Value::text,
                   .metavar = "DIRECTORY",
                   .help = "Folder (or URL) that is only read."},
                  {.names = "--objects",
                   .value = Value::text,
                   .help = "An object as name,is_particle[,radius[,pdb_id]], radius in angstrom. "
                           "Repeatable.",
                   .repeatable = true},
                  {.names = "--config",
                   .value = Value::text,
                   .metavar = "FILE",
                   .fallback = "config.json",
                   .help = "Path of the configuration to write."},
                  {.names = "--proj-name",
                   .value = Value::text,
                   .fallback = "project",
                   .help = "Name of the project."},
                  {.names = "--proj-description",
                   .value = Value::text,
                   .fallback = "Config Project for SessionXXa",
                   .help = "Description of the project."},
                  {.names = "--force", .help = "Replace an existing configuration."}} +
              common_options(),
          .run = run};
}

}  // namespace

Command config_new_command() { return command("config new"); }
Command config_filesystem_command() { return command("config filesystem"); }

}  // namespace copick::cli
