"""Projects in file systems that have no native backend: anything that fsspec can open."""

import json
import pickle
import unittest

import copick_native as copick
import numpy as np
from copick_native._fsspec_store import FsspecStore
from lab_filesystem import LabFileSystem
from sample import Sample


def fill(folder, root):
    """Puts a local folder into the lab's storage."""
    system = LabFileSystem()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            system.pipe_file(f"{root}/{path.relative_to(folder)}", path.read_bytes())


class StoreMethods(unittest.TestCase):
    """One suite for a file system that shows uploads when they end, and one that is a folder of files."""

    urls = ("lab://store", "memory://store")

    def each_store(self):
        import tempfile

        for url in self.urls:
            store = FsspecStore(url)
            store.erase_prefix("")
            with self.subTest(url):
                yield store
        with tempfile.TemporaryDirectory() as folder, self.subTest("local"):
            yield FsspecStore(f"local://{folder}/store")

    def test_parts_are_the_bytes_asked_for(self):
        for store in self.each_store():
            store.put("a/b", b"0123456789")
            asked = [("a/b", 0, None), ("a/b", 2, 3), ("a/b", 8, 100), ("a/b", -4, None), ("a/c", 0, None), ("a", 0, None)]
            self.assertEqual(list(store.get_many(asked)), [b"0123456789", b"234", b"89", b"6789", None, None])

    def test_listing_shows_one_level_and_trees_show_values(self):
        for store in self.each_store():
            for key in ("x/y/1", "x/y/2", "x/z", "xy/3"):
                store.put(key, b"12")
            self.assertEqual(sorted(store.list("x")), [("y", True, 0), ("z", False, 2)])
            self.assertEqual(sorted(store.list("")), [("x", True, 0), ("xy", True, 0)])
            self.assertEqual(sorted(k for k, _, _ in store.list_recursive("x")), ["x/y/1", "x/y/2", "x/z"])
            self.assertEqual((store.list("nothing"), store.list_recursive("nothing"), store.list("x/z")), ([], [], []))

    def test_versions_differ_when_values_do(self):
        for store in self.each_store():
            first = store.put("v", b"one")
            self.assertEqual(store.stat("v"), (3, first))
            self.assertNotEqual(store.put("v", b"two more"), first)
            self.assertIsNone(store.stat("nothing"))
            store.put("f/v", b"")
            self.assertIsNone(store.stat("f"))

    def test_erasing_says_what_went_and_stops_at_a_separator(self):
        for store in self.each_store():
            for key in ("r/1", "r/2/3", "r1", "one"):
                store.put(key, b"-")
            self.assertEqual((store.erase("one"), store.erase("one"), store.erase("r")), (True, False, False))
            self.assertEqual((store.erase_prefix("r"), store.erase_prefix("r")), (2, 0))
            self.assertEqual([name for name, _, _ in store.list("")], ["r1"])

    def test_moving_replaces(self):
        for store in self.each_store():
            store.put("from/a", b"new")
            store.put("to/a", b"old")
            store.move("from/a", "to/a")
            store.move("to/a", "further/on/a")
            self.assertEqual(list(store.get_many([("from/a", 0, None), ("to/a", 0, None), ("further/on/a", 0, None)])), [None, None, b"new"])

    def test_a_failed_upload_to_a_folder_of_files_leaves_nothing(self):
        import tempfile
        from unittest import mock

        with tempfile.TemporaryDirectory() as folder:
            store = FsspecStore(f"file://{folder}")
            store.put("a", b"old")
            with mock.patch.object(store.fs, "mv", side_effect=OSError("disk full")), self.assertRaises(OSError):
                store.put("a", b"new")
            self.assertEqual((store.list(""), list(store.get_many([("a", 0, None)]))), ([("a", False, 3)], [b"old"]))

    def test_denied_is_not_absent(self):
        FsspecStore("lab://denied").put("secret/a", b"1")
        store = FsspecStore("lab://denied", {"refused": ["secret"]})
        for call in (lambda: list(store.get_many([("secret/a", 0, None)])), lambda: store.put("secret/b", b""), lambda: store.list("secret")):
            self.assertRaises(PermissionError, call)

    def test_a_store_travels_and_its_address_holds_no_password(self):
        store = pickle.loads(pickle.dumps(FsspecStore("lab://store/sub", {"token": "hidden"})))
        self.assertEqual((store.url("a"), store.fs.token), ("lab://store/sub/a", "hidden"))


class Projects(Sample):
    def setUp(self):
        super().setUp()
        LabFileSystem.store.clear()
        LabFileSystem.calls.clear()
        fill(self.folder / "v2-local", "lab://cryo")
        config = json.loads((self.folder / "config.json").read_text())
        config |= {"overlay_root": "lab://cryo/overlay", "overlay_fs_args": {"token": "t"}, "static_root": "lab://cryo/static",
                   "static_fs_args": {}}
        self.lab_config = str(self.folder / "lab.json")
        (self.folder / "lab.json").write_text(json.dumps(config))

    def test_a_registered_file_system_gives_the_same_project_as_the_disk(self):
        here, there = copick.from_file(self.config), copick.from_file(self.lab_config)
        self.assertEqual([r.name for r in there.runs], [r.name for r in here.runs])
        for a, b in zip(here.runs, there.runs):
            self.assertEqual([(p.user_id, p.points) for p in b.picks], [(p.user_id, p.points) for p in a.picks])
            for s, t in zip(a.voxel_spacings, b.voxel_spacings):
                for x, y in zip(s.tomograms, t.tomograms):
                    np.testing.assert_array_equal(y.numpy(), x.numpy())
                    np.testing.assert_array_equal(y.numpy(z=slice(1, 3)), x.numpy(z=slice(1, 3)))
            for x, y in zip(a.segmentations, b.segmentations):
                np.testing.assert_array_equal(y.numpy(), x.numpy())

    def test_what_is_written_there_is_found_again_by_fsspec(self):
        run = copick.from_file(self.lab_config).get_run("TS_001")
        run.new_picks("ribosome", "1", "lab").from_numpy(np.ones((4, 3)))
        run.new_segmentation(13.48, "membrane", "1", user_id="lab").from_numpy(np.ones((8, 8, 8), np.uint8))
        tomogram = run.new_voxel_spacing(10.0).new_tomogram("wbp")
        tomogram.from_numpy(np.arange(4096, dtype=np.float32).reshape(16, 16, 16))
        names = LabFileSystem().find("lab://cryo/overlay")
        self.assertIn("/cryo/overlay/ExperimentRuns/TS_001/Picks/lab_1_ribosome.json", names)
        self.assertEqual([n for n in names if ".part" in n or "copick-stage" in n], [])
        again = copick.from_file(self.lab_config).get_run("TS_001")
        self.assertEqual(len(again.get_picks(user_id="lab")[0].points), 4)
        np.testing.assert_array_equal(again.get_voxel_spacing(10.0).get_tomograms("wbp")[0].numpy(), tomogram.numpy())
        again.delete_picks(user_id="lab")
        self.assertNotIn("/cryo/overlay/ExperimentRuns/TS_001/Picks/lab_1_ribosome.json", LabFileSystem().find("lab://cryo/overlay"))

    def test_what_the_file_system_refuses_is_a_permission_error(self):
        config = json.loads((self.folder / "lab.json").read_text())
        config["static_fs_args"] = {"refused": ["wbp.zarr"]}
        tomogram = copick.from_string(json.dumps(config)).get_run("TS_002").get_voxel_spacing(13.48).get_tomograms("wbp")[0]
        self.assertRaises(PermissionError, tomogram.numpy)

    def test_the_file_system_a_user_sees_is_the_one_they_registered(self):
        root = copick.from_file(self.lab_config)
        self.assertIsInstance(root.fs_overlay, LabFileSystem)
        self.assertTrue(root.fs_overlay.exists(root.root_overlay))


if __name__ == "__main__":
    unittest.main()
