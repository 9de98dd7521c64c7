"""What copick_native offers beyond the reference: arrays that are read when asked for, memory of the caller's, fewer objects."""

import unittest

import copick_native as copick
import numpy as np
from sample import Sample


class Beyond(Sample):
    def setUp(self):
        super().setUp()
        self.root = copick.from_file(self.config)
        self.run_ = self.root.get_run("TS_001")
        self.tomogram = self.run_.get_voxel_spacing(13.48).get_tomograms("wbp")[0]
        self.whole = self.tomogram.numpy()

    def test_a_lazy_array_reads_what_is_asked_for(self):
        lazy = self.tomogram.array
        self.assertEqual((lazy.shape, lazy.dtype, lazy.ndim, len(lazy)), (self.whole.shape, self.whole.dtype, 3, len(self.whole)))
        for index in (np.s_[3], np.s_[3:5], np.s_[..., 2], np.s_[-1, ::2, 4:9], np.s_[:, 5], np.s_[2:2]):
            np.testing.assert_array_equal(lazy[index], self.whole[index])
        np.testing.assert_array_equal(np.asarray(lazy), self.whole)
        self.assertRaises(IndexError, lambda: lazy[10_000])

    def test_dask_takes_a_lazy_array_with_its_chunks(self):
        try:
            import dask.array
        except ImportError:
            return self.assertEqual(copick.__name__, "copick_native")
        lazy = self.tomogram.array
        array = dask.array.from_array(lazy, chunks=lazy.chunks)
        np.testing.assert_array_equal(array[2:7].compute(), self.whole[2:7])

    def test_a_region_is_decoded_into_the_callers_array(self):
        out = np.full((2, *self.whole.shape[1:]), -1, self.whole.dtype)
        self.assertIs(self.tomogram.numpy(z=slice(4, 6), out=out), out)
        np.testing.assert_array_equal(out, self.whole[4:6])
        strided = np.zeros((4, *self.whole.shape[1:]), self.whole.dtype)
        self.tomogram.numpy(z=slice(4, 6), out=strided[::2])
        np.testing.assert_array_equal(strided[::2], self.whole[4:6])
        self.assertFalse(strided[1::2].any())
        self.assertRaises(ValueError, self.tomogram.numpy, out=np.zeros((1, 2, 3), self.whole.dtype))
        read_only = np.zeros_like(self.whole)
        read_only.flags.writeable = False
        self.assertRaises(ValueError, self.tomogram.numpy, out=read_only)

    def test_many_regions_come_from_one_call(self):
        regions = [(slice(z, z + 4), slice(y, y + 5), slice(2, 9)) for z in range(0, 20, 3) for y in range(0, 30, 7)]
        crops = self.tomogram.read_many(regions)
        self.assertEqual(len(crops), len(regions))
        for crop, region in zip(crops, regions):
            np.testing.assert_array_equal(crop, self.whole[region])

    def test_the_number_of_points_needs_no_points(self):
        picks = self.run_.get_picks("ribosome", "pytom")[0]
        self.assertEqual(len(picks), len(picks.points))
        self.assertTrue(picks)

    def test_a_notebook_shows_a_project(self):
        page = self.root._repr_html_()
        self.assertIn("TS_001", page)
        self.assertIn("ribosome", page)

    def test_zarr_opens_what_it_is_given(self):
        import zarr

        np.testing.assert_array_equal(np.asarray(zarr.open(self.tomogram.zarr(), mode="r")["0"][:]), self.whole)
        self.assertIn("0/.zarray", self.tomogram.zarr())

    def test_levels_are_found_by_the_metadata_of_either_version(self):
        import zarr
        from copick_native.util import ome

        group = zarr.open(self.tomogram.zarr(), mode="r")
        self.assertEqual(ome.get_level_path(group, 0), ome.get_multiscales(group)[0]["datasets"][0]["path"])
        self.assertRaises(ValueError, ome.get_level_path, group, 99)
        newer = type("Group", (), {"attrs": {"ome": {"multiscales": ome.get_multiscales(group)}}})
        self.assertEqual(ome.get_multiscales(newer), ome.get_multiscales(group))
        self.assertRaises(KeyError, ome.get_multiscales, type("Group", (), {"attrs": {}}))
        self.assertEqual([axis["name"] for axis in ome.ome_zarr_axes(4)], ["feature", "z", "y", "x"])
        self.assertRaises(ValueError, ome.ome_zarr_axes, 2)

    def test_the_first_object_of_a_project_is_listed(self):
        root = copick.new_config(str(self.folder / "empty.json"), str(self.folder / "empty"))
        self.assertEqual(root.pickable_objects, [])
        made = root.new_object("ribosome", is_particle=True)
        self.assertEqual(root.pickable_objects, [made])
        self.assertIs(root.get_object("ribosome"), made)

    def test_feature_maps_are_added_in_shards(self):
        from copick_native.ops.add import add_features

        data = np.arange(2 * 20 * 20 * 20, dtype=np.float32).reshape(2, 20, 20, 20)
        added = add_features(self.root, "TS_001", 13.48, "wbp", "sharded", data, chunks=(1, 10, 10, 10), shards=(1, 20, 20, 20))
        np.testing.assert_array_equal(added.numpy(), data)
        self.assertEqual(added._native().core.info()["levels"][0]["shards"], (1, 20, 20, 20))

    def test_errors_are_of_the_class_the_reference_raises_and_say_what_next(self):
        from copick_native.errors import CopickError

        with self.assertRaises(ValueError) as caught:
            self.run_.new_picks("ribosom", "1", "me")
        self.assertIsInstance(caught.exception, CopickError)
        self.assertRaises(KeyError, self.tomogram.numpy, zarr_group="77")
        self.assertRaises(FileNotFoundError, copick.from_file, "nowhere.json")
        self.assertRaises(PermissionError, self.run_.get_picks(user_id="pytom")[0].store)

    def test_objects_and_tomograms_have_the_names_the_documentation_prints(self):
        self.assertEqual(list(self.root.objects), [o.name for o in self.root.pickable_objects])
        self.assertEqual(self.tomogram.name, "wbp")


if __name__ == "__main__":
    unittest.main()
