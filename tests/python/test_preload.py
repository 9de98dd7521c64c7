"""preload(): many runs are listed at once, once, and show what they show without it."""

import unittest

import copick_native as copick
from lab_filesystem import LabFileSystem
from sample import Sample


def content(root):
    return {
        run.name: (
            [(s.voxel_size, [(t.tomo_type, t.read_only, [f.feature_type for f in t.features]) for t in s.tomograms])
             for s in run.voxel_spacings],
            [(p.pickable_object_name, p.user_id, p.session_id, p.read_only) for p in run.picks],
            [(m.pickable_object_name, m.user_id, m.session_id, m.read_only) for m in run.meshes],
            [(f.pickable_object_name, f.user_id, f.session_id, f.read_only) for f in run.filaments],
            [(s.name, s.user_id, s.session_id, s.voxel_size, s.segmentation_type, s.read_only) for s in run.segmentations],
        )
        for run in root.runs
    }


def in_the_lab(folder, delay=0.0):
    """The sample project behind a file system of Python's, which counts what it is asked."""
    for path in folder.rglob("*"):
        if path.is_file():
            LabFileSystem(skip_instance_cache=True).pipe_file(f"lab://{path.relative_to(folder)}", path.read_bytes())
    config = copick.from_file(str(folder / "config.json")).config.model_dump()
    for side in ("overlay", "static"):
        if config[f"{side}_root"]:
            config[f"{side}_root"] = "lab://" + config[f"{side}_root"].split("://")[-1].removeprefix(f"{folder}/")
            config[f"{side}_fs_args"] = {"delay": delay}
    import json

    return json.dumps(config)


class PreloadTest(Sample):
    def lists(self):
        found = [path for verb, path in LabFileSystem.calls if verb == "ls"]
        LabFileSystem.calls.clear()
        return found

    def test_runs_show_what_they_show_without_it(self):
        plain, ahead = copick.from_file(self.config), copick.from_file(self.config)
        ahead.preload()
        self.assertEqual(content(ahead), content(plain))

    def test_nothing_is_listed_afterwards_and_nothing_twice(self):
        root = copick.from_string(in_the_lab(self.folder))
        _ = root.runs
        self.lists()
        root.preload()
        listed = self.lists()
        self.assertTrue(listed)
        self.assertEqual(len(listed), len(set(listed)))
        self.assertTrue(any(content(root)["TS_001"]))
        self.assertEqual(self.lists(), [])
        root.preload()
        self.assertEqual(self.lists(), [])

    def test_only_what_is_wanted_of_whom_it_is_wanted_is_listed(self):
        root = copick.from_string(in_the_lab(self.folder))
        first, second, *_ = root.runs
        root.preload([first.name], images=False, segmentations=False, meshes=False, filaments=False)
        self.lists()
        _ = first.picks
        self.assertEqual(self.lists(), [])
        for other in (lambda: first.meshes, lambda: second.picks, lambda: first.voxel_spacings):
            other()
            self.assertTrue(self.lists())
        root.preload([second])
        self.assertTrue(self.lists())
        _ = second.meshes, second.segmentations
        self.assertEqual(self.lists(), [])

    def test_a_run_that_is_not_there_is_named(self):
        with self.assertRaisesRegex(KeyError, "TS_404"):
            copick.from_file(self.config).preload(["TS_404"])

    def test_a_backend_written_in_python_lists_what_it_has(self):
        class Run(copick.models.CopickRun):
            asked = 0

            def query_picks(self):
                self.asked += 1
                return []

        class Root(copick.models.CopickRoot):
            def query(self):
                return [Run(self, copick.models.CopickRunMeta(name="a"))]

        root = Root(copick.models.CopickConfig(pickable_objects=[]))
        root.preload(images=False, segmentations=False, meshes=False)
        self.assertEqual(root.runs[0].picks, [])
        self.assertEqual(root.runs[0].asked, 1)


if __name__ == "__main__":
    unittest.main()
