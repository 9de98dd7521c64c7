#include "model/entities/states.h"

#include "geometry/euler.h"

#include <copick/error.h>

namespace copick {

namespace {

[[noreturn]] void refuse(const model::PicksState& state, std::string why, std::string hint) {
  throw ValidationError({"set the points of " + state.description(), state.place().url(),
                         std::move(why), std::move(hint)});
}

void check_length(const model::PicksState& state, std::string_view column, std::size_t found,
                  std::size_t expected) {
  if (found == expected || found == 0) return;
  refuse(state,
         std::string(column) + " holds " + std::to_string(found) +
             " numbers; the positions ask for " + std::to_string(expected),
         "give one entry a point, or leave the column empty");
}

}  // namespace

Picks::Picks(std::shared_ptr<model::PicksState> state) : state_(model::rooted(std::move(state))) {}

std::string Picks::object_name() const { return state_->name().object; }
std::string Picks::user_id() const { return state_->name().user; }
std::string Picks::session_id() const { return state_->name().session; }
Run Picks::run() const { return Run(state_->run()); }
bool Picks::from_user() const { return model::made_by_user(user_id(), session_id()); }
bool Picks::read_only() const { return state_->place().read_only; }
Origin Picks::origin() const { return state_->place().origin; }
std::string Picks::url() const { return state_->place().url(); }
std::string Picks::path() const { return state_->place().key; }
std::optional<Color> Picks::color() const {
  return model::color_of(state_->run()->root->config, object_name());
}

std::vector<Point> Picks::points() const {
  return state_->inspect([](const model::PicksDocument& document) { return document.points(); });
}
PointTable Picks::table() const {
  return state_->inspect([](const model::PicksDocument& document) { return document.table(); });
}
std::size_t Picks::size() const {
  return state_->inspect([](const model::PicksDocument& document) { return document.size(); });
}

void Picks::set_points(const std::vector<Point>& points) {
  for (std::size_t i = 0; i < points.size(); ++i) {
    geometry::check_transformation(points[i].transformation, "point " + std::to_string(i));
  }
  state_->change([&](model::PicksDocument& document) { document.set_points(points); });
}

void Picks::set_table(const PointTable& table) {
  const std::size_t count = table.size();
  if (table.positions.size() != 3 * count) {
    refuse(
        *state_,
        "positions hold " + std::to_string(table.positions.size()) + " numbers, not three a point",
        "give x, y, z for every point");
  }
  check_length(*state_, "transforms", table.transforms.size(), 16 * count);
  check_length(*state_, "instance_ids", table.instance_ids.size(), count);
  check_length(*state_, "scores", table.scores.size(), count);
  for (std::size_t i = 0; i < table.instance_ids.size(); ++i) {
    if (table.instance_ids[i] < 0) {
      refuse(*state_,
             "instance id " + std::to_string(table.instance_ids[i]) + " of point " +
                 std::to_string(i) + " is negative",
             "use 0 for unassigned points");
    }
  }
  Matrix4 matrix;
  for (std::size_t i = 0; 16 * i < table.transforms.size(); ++i) {
    std::copy_n(table.transforms.begin() + static_cast<std::ptrdiff_t>(16 * i), 16, matrix.begin());
    geometry::check_transformation(matrix, "point " + std::to_string(i));
  }
  state_->change([&](model::PicksDocument& document) { document.set_table(table); });
}

namespace {

std::optional<std::string> text_or_null(const Json& header, std::string_view key) {
  const Json* value = header.find(key);
  if (!value || !value->is_string()) return std::nullopt;
  return value->as_string();
}

}  // namespace

std::optional<std::string> Picks::run_name() const {
  return state_->inspect([](const model::PicksDocument& document) {
    return text_or_null(document.header(), "run_name");
  });
}
std::optional<double> Picks::voxel_spacing() const {
  return state_->inspect(
      [](const model::PicksDocument& document) { return document.number_member("voxel_spacing"); });
}
std::string Picks::unit() const {
  return state_->inspect([](const model::PicksDocument& document) {
    return text_or_null(document.header(), "unit").value_or("angstrom");
  });
}
std::optional<bool> Picks::trust_orientation() const {
  return state_->inspect([](const model::PicksDocument& document) -> std::optional<bool> {
    const Json* value = document.header().find("trust_orientation");
    if (!value) return true;
    if (!value->is_bool()) return std::nullopt;
    return value->as_bool();
  });
}

void Picks::set_run_name(std::optional<std::string> value) {
  state_->change([&](model::PicksDocument& document) {
    document.header()["run_name"] = value ? Json::string(*value) : Json();
  });
}
void Picks::set_voxel_spacing(std::optional<double> value) {
  state_->change([&](model::PicksDocument& document) {
    document.header()["voxel_spacing"] = value ? Json::number(*value) : Json();
  });
}
void Picks::set_trust_orientation(std::optional<bool> value) {
  state_->change([&](model::PicksDocument& document) {
    document.header()["trust_orientation"] = value ? Json::boolean(*value) : Json();
  });
}

void Picks::load() const {
  state_->inspect([](const model::PicksDocument&) {});
}
void Picks::store() { state_->store(); }
void Picks::refresh() { state_->refresh(); }
void Picks::remove() {
  state_->remove();
  state_->run()->picks_list.forget();
}

}  // namespace copick
