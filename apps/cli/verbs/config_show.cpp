#include "frame/context.h"
#include "frame/facts.h"
#include "frame/table.h"
#include "verbs/verbs.h"

#include <fmt/core.h>

namespace copick::cli {

namespace {

std::string number_text(const std::optional<double>& number) {
  return number ? fmt::format("{:g}", *number) : "";
}

std::string object_table(const Config& config) {
  Table table({"object", ">label", "particle", "color", ">radius", "emdb", "pdb", "identifier"});
  for (const PickableObject& object : config.pickable_objects) {
    std::string color;
    if (object.color)
      color = fmt::format("#{:02x}{:02x}{:02x}{:02x}", (*object.color)[0], (*object.color)[1],
                          (*object.color)[2], (*object.color)[3]);
    table.add({object.name, object.label ? std::to_string(*object.label) : "",
               object.is_filament() ? "filament"
               : object.is_particle ? "yes"
                                    : "no",
               color, number_text(object.radius), object.emdb_id.value_or(""),
               object.pdb_id.value_or(""), object.identifier.value_or("")});
  }
  return table.text();
}

int run(Context& context) {
  const Root root = context.open_project();
  const Config config = root.config().masked();
  if (context.json()) {
    context.results.line(config.to_text());
    return 0;
  }
  const Json facts = Json::object({{"name", json_of(config.name)},
                                   {"description", json_of(config.description)},
                                   {"config", Json::string(root.config_path())},
                                   {"type", Json::string(config.config_type)},
                                   {"overlay", json_of(config.overlay_root)},
                                   {"static", json_of(config.static_root)},
                                   {"user_id", json_of(config.user_id)},
                                   {"session_id", json_of(config.session_id)}});
  context.results.write(fact_lines(facts));
  if (!config.pickable_objects.empty()) {
    context.results.line("");
    context.results.write(object_table(config));
  }
  return 0;
}

}  // namespace

Command config_show_command() {
  return {.path = "config show",
          .summary = "Show a configuration and its objects.",
          .details =
              "Keys, passwords and tokens are shown as ***.\n"
              "\nExamples:\n\n"
              "  copick config show -c copick_config.json\n"
              "  copick config show --json",
          .options = std::vector<OptionSpec>{config_option()} + common_options(),
          .run = run};
}

}  // namespace copick::cli
