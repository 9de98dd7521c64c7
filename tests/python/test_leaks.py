"""Nothing is held that is no longer asked for: objects, memory, file descriptors, threads."""

import ctypes
import gc
import os
import unittest
import weakref

import copick_native as copick
import numpy as np
from sample import Sample, entities, tomograms

MEGABYTE = 1 << 20
LIBC = ctypes.CDLL(None)


def resident():
    """Bytes of memory that something holds: what the allocator only keeps for the next call is given back first."""
    gc.collect()
    if hasattr(LIBC, "malloc_trim"):
        LIBC.malloc_trim(0)
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def descriptors():
    return len(os.listdir("/proc/self/fd"))


def workload(config):
    """Everything a session does, once."""
    root = copick.from_file(config)
    for tomogram in tomograms(root):
        tomogram.numpy()
        tomogram.numpy(z=slice(0, 1))
        [feature.numpy() for feature in tomogram.features]
    for run in root.runs:
        [(p.numpy(), p.points) for p in run.picks]
        [s.numpy() for s in run.segmentations]
    run = root.get_run("TS_001")
    picks = run.new_picks("ribosome", "1", "leak", exist_ok=True)
    picks.from_numpy(np.ones((50, 3)))
    segmentation = run.new_segmentation(13.48, "membrane", "1", user_id="leak", exist_ok=True)
    segmentation.from_numpy(np.ones((8, 8, 8), np.uint8))
    segmentation.set_region(np.zeros((1, 8, 8), np.uint8), z=slice(0, 1))
    for wrong in (lambda: root.get_run("TS_001").new_picks("nothing", "1", "leak"), lambda: tomogram.numpy(zarr_group="77")):
        try:
            wrong()
        except Exception:
            continue


class Leaks(Sample):
    def test_a_hundred_sessions_keep_no_objects_memory_or_files(self):
        for _ in range(20):
            workload(self.config)
        gc.collect()
        objects, memory, files = len(gc.get_objects()), resident(), descriptors()
        for _ in range(100):
            workload(self.config)
        gc.collect()
        self.assertLess(len(gc.get_objects()) - objects, 100)
        self.assertLess((resident() - memory) / MEGABYTE, 8)
        self.assertEqual(descriptors(), files)

    def test_entities_go_with_their_project(self):
        root = copick.from_file(self.config)
        references = [weakref.ref(entity) for entity in entities(root)]
        del root
        gc.collect()
        self.assertEqual([r() for r in references], [None] * len(references))

    def test_an_array_outlives_its_project(self):
        array = tomograms(copick.from_file(self.config))[0].numpy()
        expected = float(array.sum())
        gc.collect()
        [bytearray(MEGABYTE) for _ in range(50)]
        self.assertEqual(float(array.sum()), expected)

    def test_arguments_are_given_back(self):
        import sys

        run = copick.from_file(self.config).get_run("TS_001")
        positions = np.ones((5, 3))
        before = sys.getrefcount(positions)
        picks = run.new_picks("ribosome", "1", "refs")
        for _ in range(100):
            picks.from_numpy(positions)
        self.assertEqual(sys.getrefcount(positions), before)

    def test_the_interpreter_ends_quietly(self):
        program = "\n".join([
            "import sys, copick_native as copick",
            "root = copick.from_file(sys.argv[1])",
            "kept = [root, root.runs, [t.numpy() for t in root.runs[0].voxel_spacings[0].tomograms], root.runs[0].picks]",
            "class Ring: pass",
            "ring = Ring(); ring.me = ring; ring.root = root",
            "print('end')",
        ])
        self.assertEqual(self.python(program, self.config), "end\n")


if __name__ == "__main__":
    unittest.main()
