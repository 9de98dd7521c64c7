"""Four threads read into one array at a time: a race of the caller's, which the thread sanitizer must see. tools/python_sanitized."""

import unittest
from concurrent.futures import ThreadPoolExecutor

import copick_native as copick
import numpy as np
from sample import Sample


class Race(Sample):
    def test_writers_of_one_array_meet(self):
        tomogram = copick.from_file(self.config).get_run("TS_001").get_voxel_spacing(13.48).get_tomograms("wbp")[0]
        out = np.empty_like(tomogram.numpy())
        with ThreadPoolExecutor(4) as pool:
            self.assertEqual(len(list(pool.map(lambda _: tomogram.numpy(out=out), range(20)))), 20)


if __name__ == "__main__":
    unittest.main()
