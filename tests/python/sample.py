"""The sample project for tests of copick_native, in a folder of their own, and processes with a time limit."""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from parity import make_project

SECONDS = 60


class Sample(unittest.TestCase):
    """A test with a fresh copy of the sample project as its working folder."""

    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix="copick-test-")
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name).resolve()
        make_project(self.folder)
        self.config = str(self.folder / "config.json")

    def python(self, program, *arguments, seconds=SECONDS, **environment):
        """Runs a program in a process of its own; what it prints. Anything on stderr fails the test."""
        done = subprocess.run([sys.executable, "-W", "error", "-c", program, *arguments], cwd=self.folder, timeout=seconds, text=True,
                              capture_output=True, check=False, env=os.environ | environment, stdin=subprocess.DEVNULL)
        self.assertEqual(done.stderr, "")
        self.assertEqual(done.returncode, 0)
        return done.stdout


def tomograms(root):
    return [t for run in root.runs for spacing in run.voxel_spacings for t in spacing.tomograms]


def entities(root):
    """One of every kind, and the project itself."""
    run = root.get_run("TS_001")
    tomogram = run.get_voxel_spacing(13.48).get_tomograms("wbp")[0]
    return [root, run, run.get_voxel_spacing(13.48), tomogram, tomogram.features[0], run.picks[0], run.meshes[0],
            run.segmentations[0], run.filaments[0], root.pickable_objects[0]]
