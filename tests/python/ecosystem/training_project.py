"""A project to train on, made through copick itself: two runs with a tomogram of 64 voxels a side and two kinds of picks."""

import copick
import numpy as np

SPACING = 10.0


def make(config="config.json"):
    root = copick.from_file(config)
    random = np.random.default_rng(4)
    for name in ("train-1", "train-2"):
        run = root.new_run(name)
        tomogram = run.new_voxel_spacing(SPACING).new_tomogram("wbp")
        tomogram.from_numpy(random.integers(-100, 100, (64, 64, 64)).astype(np.float32) / 64)
        for label in ("ribosome", "proteasome"):
            grid = np.stack(np.meshgrid(*[np.array([140.0, 320.0, 480.0])] * 3), -1).reshape(-1, 3)
            keep = random.permutation(len(grid))[:12]
            run.new_picks(label, "1", "trainer").from_numpy(grid[keep] + random.uniform(-9, 9, (12, 3)))
    return root
