#include "frame/tree.h"

#include <copick/uri.h>

#include <fmt/core.h>

namespace copick::cli {

namespace {

struct Node {
  std::string text;
  std::vector<Node> children = {};
};

void draw(const Node& node, const std::string& margin, std::string& out) {
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const bool last = i + 1 == node.children.size();
    out += margin + (last ? "\u2514\u2500 " : "\u251c\u2500 ") + node.children[i].text + "\n";
    draw(node.children[i], margin + (last ? "   " : "\u2502  "), out);
  }
}

template <typename Entity>
std::string marked(const Entity& entity, const std::string& text, bool mark_overlay) {
  return mark_overlay && entity.origin() == Origin::overlay ? text + " +" : text;
}

Node spacing_node(const VoxelSpacing& spacing, bool mark_overlay) {
  Node node{fmt::format("{:.3f} \u00c5", spacing.voxel_size())};
  for (const Tomogram& tomogram : spacing.tomograms()) {
    Node child{marked(tomogram, tomogram.tomo_type(), mark_overlay)};
    for (const Features& features : tomogram.features())
      child.children.push_back(
          {marked(features, features.feature_type() + " features", mark_overlay)});
    node.children.push_back(std::move(child));
  }
  return node;
}

template <typename Entity>
void add_group(Node& run, const std::string& name, const std::vector<Entity>& entities,
               bool mark_overlay) {
  if (entities.empty()) return;
  Node group{name};
  for (const Entity& entity : entities)
    group.children.push_back({marked(entity, uri_of(entity), mark_overlay)});
  run.children.push_back(std::move(group));
}

}  // namespace

std::string project_tree(const Root& root, const std::vector<Run>& runs) {
  const bool mark = root.static_url().has_value() && !root.overlay_url().empty();
  Node project{root.config().name.value_or("project")};
  for (const Run& run : runs) {
    Node node{run.name()};
    for (const VoxelSpacing& spacing : run.voxel_spacings())
      node.children.push_back(spacing_node(spacing, mark));
    add_group(node, "segmentations", run.segmentations(), mark);
    add_group(node, "picks", run.picks(), mark);
    add_group(node, "meshes", run.meshes(), mark);
    add_group(node, "filaments", run.filaments(), mark);
    project.children.push_back(std::move(node));
  }
  Node objects{"objects"};
  for (const PickableObject& object : root.config().pickable_objects)
    objects.children.push_back({object.name});
  if (!objects.children.empty()) project.children.push_back(std::move(objects));
  std::string out = project.text + "\n";
  draw(project, "", out);
  if (mark) out += "\n+ lies in the overlay\n";
  return out;
}

}  // namespace copick::cli
