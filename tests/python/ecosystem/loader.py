"""copick-torch: data sets of crops around picks, read by a DataLoader with four workers."""

import numpy as np
import torch
from copick_torch.copick import CopickDataset
from copick_torch.minimal_dataset import MinimalCopickDataset
from report import show
from torch.utils.data import DataLoader
from training_project import SPACING, make

if __name__ == "__main__":
    root = make()
    for preload in (True, False):
        crops = MinimalCopickDataset(root, boxsize=(16, 16, 16), voxel_spacing=SPACING, preload=preload)
        show("crops", [len(crops), sorted(crops._name_to_label.items())])
        for workers in (0, 4):
            batches = list(DataLoader(crops, batch_size=8, num_workers=workers))
            show(f"{workers} workers", [[np.asarray(image), np.asarray(label)] for image, label in batches])

    class Planes(torch.utils.data.Dataset):
        """One plane an item, of handles made before the workers start."""

        tomograms = [run.get_voxel_spacing(SPACING).get_tomograms("wbp")[0] for run in root.runs if run.name.startswith("train")]

        def __len__(self):
            return 64 * len(self.tomograms)

        def __getitem__(self, index):
            return torch.from_numpy(self.tomograms[index // 64].numpy(z=slice(index % 64, index % 64 + 1)))

    planes = torch.cat(list(DataLoader(Planes(), batch_size=16, num_workers=4)))
    show("planes", planes.numpy())
    samples = CopickDataset(copick_root=root, boxsize=(16, 16, 16), voxel_spacing=SPACING)
    images = [samples[i] for i in range(len(samples))]
    show("samples", [len(samples), sorted(round(float(image[0].double().sum() if isinstance(image, tuple) else 0), 2) for image in images)])
