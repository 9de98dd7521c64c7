// Parsing and writing copick URIs. Grammar: docs/format/uri.md.
#include <copick/uri.h>

#include "base/number_text.h"

#include <copick/error.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace copick {

namespace {

constexpr std::array<std::string_view, 6> kind_names{"picks",        "mesh",     "filaments",
                                                     "segmentation", "tomogram", "feature"};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n\f\v";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

[[noreturn]] void refuse(std::string_view text, UriKind kind, std::string why) {
  constexpr std::array<std::string_view, 6> forms{
      "object:user/session",          "object:user/session",  "object:user/session",
      "name:user/session@voxel_size", "tomo_type@voxel_size", "tomo_type@voxel_size:feature_type"};
  throw ValidationError(
      {"read the " + std::string(name_of(kind)) + " URI '" + std::string(text) + "'", "",
       std::move(why), "the form is " + std::string(forms[static_cast<std::size_t>(kind)])});
}

// application/x-www-form-urlencoded, as far as flags need it.
std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto hex = [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; };
    if (text[i] == '%' && i + 2 < text.size() && hex(text[i + 1]) && hex(text[i + 2])) {
      out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

// A flag given twice reads as false, as in the reference.
void set_flag(std::optional<bool>& flag, int& seen, const std::string& value) {
  if (value.empty()) return;
  const std::string word = lower(value);
  flag = ++seen == 1 && (word == "true" || word == "1" || word == "yes");
}

void parse_query(Uri& uri, std::string_view query, std::string_view text) {
  std::array<int, 3> seen{};
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    const std::string_view item = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    const auto equals = item.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string key = decoded(item.substr(0, equals));
    const std::string value = decoded(item.substr(equals + 1));
    if (key == "multilabel") set_flag(uri.multilabel, seen[0], value);
    if (key == "instance") set_flag(uri.instance, seen[1], value);
    if (key == "panoptic") set_flag(uri.panoptic, seen[2], value);
  }
  const int kinds =
      uri.multilabel.value_or(false) + uri.instance.value_or(false) + uri.panoptic.value_or(false);
  if (kinds > 1)
    refuse(text, uri.kind, "a segmentation is of one kind: multilabel, instance or panoptic");
}

// object[:user[/session]]
void parse_annotation(Uri& uri, std::string_view body, std::string_view text) {
  if (std::count(body.begin(), body.end(), ':') > 1)
    refuse(text, uri.kind, "it has more than one ':'");
  const auto colon = body.find(':');
  uri.name = body.substr(0, colon);
  if (colon == std::string_view::npos) return;
  const std::string_view maker = body.substr(colon + 1);
  const auto slash = maker.find('/');
  uri.user = maker.substr(0, slash);
  if (slash != std::string_view::npos) uri.session = maker.substr(slash + 1);
}

// tomo_type[@voxel[:feature]]
void parse_image(Uri& uri, std::string_view body) {
  const auto at = body.find('@');
  uri.name = body.substr(0, at);
  if (at == std::string_view::npos) return;
  const std::string_view rest = body.substr(at + 1);
  const auto colon = uri.kind == UriKind::feature ? rest.find(':') : std::string_view::npos;
  uri.voxel_size = rest.substr(0, colon);
  if (colon != std::string_view::npos) uri.feature_type = rest.substr(colon + 1);
}

bool has_pattern(std::string_view part) {
  return part.find_first_of("*?[") != std::string_view::npos;
}

std::string annotation_text(std::string_view name, std::string_view user,
                            std::string_view session) {
  return std::string(name) + ":" + std::string(user) + "/" + std::string(session);
}

}  // namespace

std::string_view name_of(UriKind kind) { return kind_names[static_cast<std::size_t>(kind)]; }

std::optional<UriKind> uri_kind_from_name(std::string_view name) {
  const auto found = std::find(kind_names.begin(), kind_names.end(), lower(name));
  if (found == kind_names.end()) return std::nullopt;
  return static_cast<UriKind>(found - kind_names.begin());
}

Uri Uri::parse(std::string_view text, UriKind kind) {
  Uri uri;
  uri.kind = kind;
  std::string_view body = trimmed(text);
  if (body.starts_with("re:")) {
    uri.regex = true;
    body.remove_prefix(3);
  }
  std::string_view query;
  if (const auto mark = body.find('?'); mark != std::string_view::npos) {
    query = body.substr(mark + 1);
    body = body.substr(0, mark);
  }
  switch (kind) {
    case UriKind::picks:
    case UriKind::mesh:
    case UriKind::filaments:
      parse_annotation(uri, body, text);
      break;
    case UriKind::segmentation: {
      const auto at = body.find('@');
      parse_annotation(uri, body.substr(0, at), text);
      if (at != std::string_view::npos) uri.voxel_size = body.substr(at + 1);
      parse_query(uri, query, text);
      break;
    }
    case UriKind::tomogram:
    case UriKind::feature:
      parse_image(uri, body);
      break;
  }
  return uri;
}

bool Uri::is_pattern() const {
  const bool annotation =
      kind == UriKind::picks || kind == UriKind::mesh || kind == UriKind::filaments;
  const bool image = kind == UriKind::tomogram || kind == UriKind::feature;
  if (regex || has_pattern(name)) return true;
  if (!image && (has_pattern(user) || has_pattern(session))) return true;
  if (!annotation && has_pattern(voxel_size)) return true;
  return kind == UriKind::feature && has_pattern(feature_type);
}

std::string Uri::text() const {
  std::string out = regex ? "re:" : "";
  switch (kind) {
    case UriKind::tomogram:
      return out + name + "@" + voxel_size;
    case UriKind::feature:
      return out + name + "@" + voxel_size + ":" + feature_type;
    case UriKind::segmentation: {
      out += annotation_text(name, user, session) + "@" + voxel_size;
      if (multilabel)
        out += *multilabel ? "?multilabel=true" : "?multilabel=false";
      else if (instance.value_or(false))
        out += "?instance=true";
      else if (panoptic.value_or(false))
        out += "?panoptic=true";
      return out;
    }
    default:
      return out + annotation_text(name, user, session);
  }
}

std::string uri_of(const Picks& picks) {
  return annotation_text(picks.object_name(), picks.user_id(), picks.session_id());
}
std::string uri_of(const Mesh& mesh) {
  return annotation_text(mesh.object_name(), mesh.user_id(), mesh.session_id());
}
std::string uri_of(const FilamentSet& filaments) {
  return annotation_text(filaments.object_name(), filaments.user_id(), filaments.session_id());
}
std::string uri_of(const Segmentation& segmentation) {
  constexpr std::array<std::string_view, 4> suffixes{"", "?multilabel=true", "?instance=true",
                                                     "?panoptic=true"};
  return annotation_text(segmentation.name(), segmentation.user_id(), segmentation.session_id()) +
         "@" + base::python_float(segmentation.voxel_size()) +
         std::string(suffixes[static_cast<std::size_t>(segmentation.kind())]);
}
std::string uri_of(const Tomogram& tomogram) {
  return tomogram.tomo_type() + "@" + base::python_float(tomogram.voxel_size());
}
std::string uri_of(const Features& features) {
  return features.tomo_type() + "@" + base::python_float(features.voxel_size()) + ":" +
         features.feature_type();
}

}  // namespace copick
