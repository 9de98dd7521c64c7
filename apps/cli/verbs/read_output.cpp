#include "verbs/read_output.h"

#include "frame/facts.h"

#include <copick/error.h>
#include <copick/ops.h>

#include <array>

namespace copick::cli {

namespace {

bool wants_raw(const Context& context, const std::string& output) {
  if (context.args.has("format")) return context.args.text("format") == "raw";
  return output.ends_with(".raw") || output.ends_with(".bin");
}

Json json_of_point(const Point& point) {
  Json matrix = Json::array();
  for (const double value : point.transformation) matrix.push_back(Json::number(value));
  return Json::object(
      {{"x", Json::number(point.location.x)},
       {"y", Json::number(point.location.y)},
       {"z", Json::number(point.location.z)},
       {"transformation", std::move(matrix)},
       {"instance_id", point.instance_id ? Json::integer(*point.instance_id) : Json()},
       {"score", json_of(point.score)}});
}

Json json_of_filament(const Filament& filament) {
  Json points = Json::array();
  for (const Location& at : filament.points)
    points.push_back(Json::array({Json::number(at.x), Json::number(at.y), Json::number(at.z)}));
  return Json::object({{"instance_id", Json::integer(filament.instance_id)},
                       {"polarity_known", Json::boolean(filament.polarity_known)},
                       {"score", Json::number(filament.score)},
                       {"radius", json_of(filament.radius)},
                       {"curve", filament.curve ? Json::string(filament.curve->kind) : Json()},
                       {"points", std::move(points)}});
}

// Quoted where a comma, a quote or a line end would part it.
std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted(1, '"');
  for (const char c : text) quoted.append(c == '"' ? 2 : 1, c);
  return quoted += '"';
}

std::string filaments_csv(const FilamentSet& set) {
  std::string text = "run_name,instance_id,point,x,y,z\n";
  const std::string run_field = csv_field(set.run().name());
  for (const Filament& filament : set.filaments()) {
    for (std::size_t i = 0; i < filament.points.size(); ++i) {
      const Location& at = filament.points[i];
      text += run_field + "," + std::to_string(filament.instance_id) + "," + std::to_string(i);
      for (const double value : {at.x, at.y, at.z}) text += "," + Json::number(value).number_text();
      text += "\n";
    }
  }
  return text;
}

}  // namespace

void write_voxels(Context& context, const Volume& volume, const Region& region,
                  const std::string& output) {
  const bool raw = wants_raw(context, output);
  if (output != "-") return export_region(volume, region, output, raw);
  if (context.results.is_terminal())
    context.refuse("voxels on a terminal help nobody. Give a file: -o FILE.npy.");
  stream_region(volume, region, raw, [&](ByteView bytes) { context.results.write_bytes(bytes); });
}

std::string content_text(const Context& context, const Root& root, const Found& entity) {
  if (const auto* picks = std::get_if<Picks>(&entity.entity)) {
    if (!context.json())
      return picks_text(root, std::span(picks, 1), {.file_type = PicksFile::csv});
    Json points = Json::array();
    for (const Point& point : picks->points()) points.push_back(json_of_point(point));
    Json facts = full_facts(entity);
    facts["points"] = std::move(points);
    return facts.dump(2) + "\n";
  }
  if (const auto* set = std::get_if<FilamentSet>(&entity.entity)) {
    if (!context.json()) return filaments_csv(*set);
    Json filaments = Json::array();
    for (const Filament& filament : set->filaments())
      filaments.push_back(json_of_filament(filament));
    Json facts = full_facts(entity);
    facts["filaments"] = std::move(filaments);
    return facts.dump(2) + "\n";
  }
  if (context.json()) return full_facts(entity).dump(2) + "\n";
  return mesh_obj(std::get<Mesh>(entity.entity));
}

void write_text(Context& context, const std::string& text, const std::string& output) {
  if (output == "-")
    context.results.write(text);
  else
    write_file(output, as_bytes(text));
}

}  // namespace copick::cli
