"""Threads that use one handle, one project and one store at the same time, in every way that lets go of the interpreter lock."""

import unittest
from concurrent.futures import ThreadPoolExecutor

import copick_native as copick
import numpy as np
from sample import Sample


class Interplay(Sample):
    def setUp(self):
        super().setUp()
        self.root = copick.from_file(self.config)
        self.run_ = self.root.get_run("TS_001")
        self.tomogram = self.run_.get_voxel_spacing(13.48).get_tomograms("wbp")[0]
        self.whole = self.tomogram.numpy()

    def all_at_once(self, *actions, times=6):
        """Each action `times` times, in threads."""
        with ThreadPoolExecutor(len(actions) * 2) as pool:
            for job in [pool.submit(action, number) for number in range(times) for action in actions]:
                job.result()

    def test_one_handle_is_read_in_every_way(self):
        same = np.testing.assert_array_equal

        def into(number):
            out = np.empty((2, *self.whole.shape[1:]), np.float32)
            same(self.tomogram.numpy(z=slice(number, number + 2), out=out), self.whole[number : number + 2])

        def many(_):
            for z, crop in enumerate(self.tomogram.read_many([(slice(z, z + 4),) * 3 for z in range(8)])):
                same(crop, self.whole[(slice(z, z + 4),) * 3])

        def lazy(number):
            same(self.tomogram.array[number], self.whole[number])

        def again(_):
            self.tomogram._native().forget()

        self.all_at_once(into, many, lazy, again)

    def test_volumes_are_written_while_another_is_read(self):
        done = []

        def write(number):
            new = self.run_.new_segmentation(13.48, "membrane", str(number), user_id="writer", exist_ok=True)
            data = np.full((8, 8, 8), number, np.uint8)
            new.from_numpy(data)
            new.set_region(data[:2], z=slice(0, 2), y=slice(0, 8), x=slice(0, 8))
            np.testing.assert_array_equal(new.numpy(), data)
            done.append(number)

        self.all_at_once(write, lambda _: self.tomogram.numpy(), times=4)
        self.assertEqual(sorted(done), [0, 1, 2, 3])

    def test_projects_open_list_and_close(self):
        expected = sorted(run.name for run in self.root.runs)

        def opened(_):
            root = copick.from_file(self.config)
            root.preload()
            self.assertEqual([run.name for run in root.runs], expected)
            self.assertTrue(root.get_run("TS_001").picks)

        def tables(_):
            for picks in copick.from_file(self.config).get_run("TS_001").picks:
                picks.numpy()

        def meshes(_):
            for mesh in self.run_.meshes:
                mesh.triangles()

        def limits(number):
            copick.set_chunk_cache(number << 20)
            copick.set_memory_budget(0)

        self.addCleanup(copick.set_chunk_cache, 0)
        self.all_at_once(opened, tables, meshes, limits)

    def test_a_store_written_in_python_is_asked_by_many(self):
        try:
            from test_preload import content, in_the_lab
        except ImportError:  # without fsspec
            return self.assertEqual(copick.__name__, "copick_native")
        text = in_the_lab(self.folder, delay=0.001)
        expected = content(self.root)

        def far(_):
            root = copick.from_string(text)
            root.preload()
            self.assertEqual(content(root), expected)

        self.all_at_once(far, lambda _: copick.from_string(text).get_run("TS_001").picks[0].numpy(), times=2)


if __name__ == "__main__":
    unittest.main()
