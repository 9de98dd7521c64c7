"""A backend written in Python on the abstract classes: the factories and the queries are what it overrides."""

import json

import copick  # noqa: F401
import numpy as np
from copick.models import (CopickConfig, CopickObject, CopickPicks, CopickPicksFile, CopickPoint, CopickRoot, CopickRun,
                           CopickRunMeta, CopickVoxelSpacing, CopickVoxelSpacingMeta, PickableObject)
from report import identities, refused, show

STORAGE = {"R1": {}, "R2": {}}


class MemoryPicks(CopickPicks):
    def _load(self):
        return CopickPicksFile(**json.loads(STORAGE[self.run.name][self._key()]))

    def _store(self):
        STORAGE[self.run.name][self._key()] = self.meta.model_dump_json()

    def _key(self):
        return f"{self.user_id}_{self.session_id}_{self.pickable_object_name}"

    def _delete_data(self):
        del STORAGE[self.run.name][self._key()]


class MemoryRun(CopickRun):
    def query_voxelspacings(self):
        return [CopickVoxelSpacing(run=self, meta=CopickVoxelSpacingMeta(voxel_size=10.0))]

    def query_picks(self):
        names = [key.split("_") for key in STORAGE[self.name]]
        return [MemoryPicks(run=self, file=CopickPicksFile(pickable_object_name=o, user_id=u, session_id=s)) for u, s, o in names]

    def query_meshes(self):
        return []

    def query_segmentations(self):
        return []

    def _picks_factory(self):
        return MemoryPicks

    def ensure(self, create=False):
        if create:
            STORAGE.setdefault(self.name, {})
        return self.name in STORAGE


class MemoryRoot(CopickRoot):
    def query(self):
        return [MemoryRun(self, CopickRunMeta(name=name)) for name in STORAGE]

    def _run_factory(self):
        return MemoryRun, CopickRunMeta


root = MemoryRoot(CopickConfig(pickable_objects=[PickableObject(name="ribosome", is_particle=True)], user_id="me"))
show("runs", [run.name for run in root.runs])
run = root.get_run("R1")
picks = run.new_picks("ribosome", "1")
picks.from_numpy(np.arange(6.0).reshape(2, 3), scores=np.array([0.5, 0.25]))
show("stored", json.loads(STORAGE["R1"]["me_1_ribosome"]))
picks.points.append(CopickPoint(location={"x": 1, "y": 2, "z": 3}))
picks.store()
root.refresh()
again = root.get_run("R1").get_picks("ribosome")[0]
show("read", [again.numpy(), again.scores(), again.points])
show("spacings", identities(root.get_run("R1").voxel_spacings))
show("new run", [root.new_run("R3").name, sorted(STORAGE)])
root.get_run("R1").delete_picks()
show("deleted", [STORAGE["R1"], root.get_run("R1").picks])
refused("abstract", CopickRun(root, CopickRunMeta(name="x")).query_picks)
refused("abstract object", CopickObject(root, root.config.pickable_objects[0]).zarr)
show("reprs", [root, run, again])
