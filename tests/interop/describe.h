// A project as JSON, in the terms of reference.py.
#pragma once

#include <copick/copick.h>

namespace copick::test {

Json describe(const Root& root);

}  // namespace copick::test
