// How the limits are found:
//   1. /proc/self/cgroup names the group of this process: "0::/a/b" in version 2, "4:memory:/a/b"
//   in version 1.
//   2. /proc/self/mountinfo says where the hierarchy is mounted, and which group is the root of the
//   mount; the group's folder is the mount point and what is left of the group behind that root.
//   3. The limit files of the folder and of each folder above it, up to the mount point, are read.
//   The smallest limit counts.
#include "base/cgroup.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace copick::base {

namespace {

// The next field up to `separator`; `text` begins behind it afterwards.
std::string_view take_field(std::string_view& text, char separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view field = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return field;
}

bool has_item(std::string_view list, std::string_view item) {
  while (!list.empty())
    if (take_field(list, ',') == item) return true;
  return false;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

template <typename Number>
std::optional<Number> whole_number(std::string_view text) {
  text = trimmed(text);
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// mountinfo writes blank, tab, newline and backslash as \ooo.
std::string unescaped(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view digits = text.substr(i).substr(1, 3);
    int code = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), code, 8);
    if (text[i] == '\\' && digits.size() == 3 && error == std::errc() && end == digits.data() + 3 &&
        code < 256) {
      plain += static_cast<char>(code);
      i += 3;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

// The group of the process in the hierarchy of `controller`; "" names that of version 2.
std::optional<std::string_view> group_of(std::string_view controller, std::string_view cgroup) {
  while (!cgroup.empty()) {
    std::string_view line = take_field(cgroup, '\n');
    const std::string_view number = take_field(line, ':');
    const std::string_view controllers = take_field(line, ':');
    if (line.empty() || line.front() != '/') continue;
    if (controller.empty() ? number == "0" && controllers.empty()
                           : has_item(controllers, controller))
      return line;
  }
  return std::nullopt;
}

struct Mount {
  std::string root, point;
  std::string_view type, options;
};

// "36 35 98:0 /root /point rw,noatime shared:1 - cgroup2 cgroup rw,memory"
std::optional<Mount> mount_of(std::string_view line) {
  for (int i = 0; i < 3; ++i) take_field(line, ' ');
  Mount mount;
  mount.root = unescaped(take_field(line, ' '));
  mount.point = unescaped(take_field(line, ' '));
  const std::size_t dash = line.find(" - ");
  if (dash == std::string_view::npos || mount.point.empty() || mount.point.front() != '/')
    return std::nullopt;
  line.remove_prefix(dash + 3);
  mount.type = take_field(line, ' ');
  take_field(line, ' ');
  mount.options = line;
  return mount;
}

// `group` as seen from a mount whose root is `root`; a group outside it is the mount's root, as in
// a container that does not see its own place.
std::string below(std::string_view group, std::string_view root) {
  if (root != "/") {
    const bool inside =
        group.starts_with(root) && (group.size() == root.size() || group[root.size()] == '/');
    group = inside ? group.substr(root.size()) : std::string_view{};
  }
  if (group == "/" || group.find("/..") != std::string_view::npos) return "";
  return std::string(group);
}

template <typename Limit>
void take_smaller(std::optional<Limit>& least, const std::optional<Limit>& other) {
  if (other && (!least || *other < *least)) least = other;
}

// Calls look(folder) for the group's folder and those above it, up to the mount point.
template <typename Look>
void each_folder_up(const CgroupPlace& place, const Look& look) {
  for (std::string group = place.group;;) {
    look(place.mount + group);
    if (group.empty()) return;
    group.resize(group.rfind('/') == std::string::npos ? 0 : group.rfind('/'));
  }
}

}  // namespace

std::vector<CgroupPlace> cgroup_places(std::string_view controller, std::string_view cgroup,
                                       std::string_view mountinfo) {
  std::vector<CgroupPlace> places;
  while (!mountinfo.empty()) {
    const std::optional<Mount> mount = mount_of(take_field(mountinfo, '\n'));
    if (!mount) continue;
    const bool v2 = mount->type == "cgroup2";
    if (!v2 && !(mount->type == "cgroup" && has_item(mount->options, controller))) continue;
    if (const auto group = group_of(v2 ? "" : controller, cgroup))
      places.push_back({v2 ? 2 : 1, mount->point, below(*group, mount->root)});
  }
  return places;
}

std::optional<double> processors_of_quota(std::string_view quota, std::string_view period) {
  const auto granted = whole_number<std::int64_t>(quota);
  const auto of = whole_number<std::int64_t>(period);
  if (!granted || !of || *granted <= 0 || *of <= 0) return std::nullopt;
  return static_cast<double>(*granted) / static_cast<double>(*of);
}

std::optional<double> processors_of_cpu_max(std::string_view text) {
  text = trimmed(text);
  const std::string_view quota = take_field(text, ' ');
  constexpr std::string_view usual_period = "100000";
  return processors_of_quota(quota, text.empty() ? usual_period : text);
}

std::optional<std::uint64_t> bytes_of_limit(std::string_view text) {
  constexpr std::uint64_t unlimited = std::uint64_t{1} << 62;
  const auto bytes = whole_number<std::uint64_t>(text);
  if (!bytes || *bytes == 0 || *bytes >= unlimited) return std::nullopt;
  return bytes;
}

CgroupLimits cgroup_limits(const ReadFile& read) {
  const std::string cgroup = read("/proc/self/cgroup").value_or("");
  const std::string mountinfo = read("/proc/self/mountinfo").value_or("");
  CgroupLimits limits;
  for (const CgroupPlace& place : cgroup_places("cpu", cgroup, mountinfo)) {
    each_folder_up(place, [&](const std::string& folder) {
      if (place.version == 2)
        return take_smaller(limits.processors,
                            processors_of_cpu_max(read(folder + "/cpu.max").value_or("")));
      take_smaller(limits.processors,
                   processors_of_quota(read(folder + "/cpu.cfs_quota_us").value_or(""),
                                       read(folder + "/cpu.cfs_period_us").value_or("")));
    });
  }
  for (const CgroupPlace& place : cgroup_places("memory", cgroup, mountinfo)) {
    const char* name = place.version == 2 ? "/memory.max" : "/memory.limit_in_bytes";
    each_folder_up(place, [&](const std::string& folder) {
      take_smaller(limits.memory, bytes_of_limit(read(folder + name).value_or("")));
    });
  }
  return limits;
}

}  // namespace copick::base
