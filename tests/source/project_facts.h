// Checks that what is read of a project is what a sample's expected.json says.
#pragma once

#include <copick/copick.h>

#include <string>

namespace copick::test {

std::string text(const Json& facts, std::string_view key);
// `path` in the facts is relative to the sample; an entity's url is absolute.
void check_place(const Json& facts, const std::string& url, Origin origin);
void check_array(const Json& facts, const AnyArray& array);
void check_volume(const Json& facts, const Volume& volume);

// Every fact of the sample, read through `root`. The facts' lists leave out segmentations of the
// first layout: they are checked on their own.
void check_project(const std::string& sample, const Root& root, bool with_segmentations = true);

}  // namespace copick::test
