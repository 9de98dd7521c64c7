"""On PYTHONPATH, every interpreter of a test runs on copick_native whatever script it starts: also spawned workers."""

import copick_native

copick_native.install_as_copick()
