"""Every get_* with every kind of argument."""

import copick
from report import identities, show

root = copick.from_file("config.json")
run = root.get_run("TS_001")

show("picks", [
    identities(run.get_picks()), identities(run.get_picks("ribosome")), identities(run.get_picks(["ribosome", "microtubule"])),
    identities(run.get_picks(user_id="alice")), identities(run.get_picks(user_id=("alice", "bob"), session_id="1")),
    identities(run.get_picks(object_name="ribosome", user_id="alice", session_id="2")), identities(run.get_picks("nothing")),
    identities(run.get_picks(object_name={"proteasome"})), identities(run.get_picks(session_id=["0"])),
])
show("meshes", [identities(run.get_meshes()), identities(run.get_meshes("membrane")), identities(run.get_meshes(user_id="alice")),
                identities(run.get_meshes(session_id=["0", "1"])), identities(run.get_meshes(["membrane", "proteasome"]))])
show("filaments", [identities(run.get_filaments()), identities(run.get_filaments(user_id="bob")),
                   identities(run.get_filaments("microtubule", session_id="0"))])
show("segmentations", [
    identities(run.get_segmentations()), identities(run.get_segmentations(is_multilabel=True)),
    identities(run.get_segmentations(is_multilabel=False)), identities(run.get_segmentations(user_id="alice")),
    identities(run.get_segmentations(name="many")), identities(run.get_segmentations(name=["many", "membrane"])),
    identities(run.get_segmentations(voxel_size=13.48)), identities(run.get_segmentations(voxel_size=[13.48, 26.96])),
    identities(run.get_segmentations(is_instance=True)), identities(run.get_segmentations(is_panoptic=True)),
    identities(run.get_segmentations(is_instance=None, is_panoptic=None)), identities(run.get_segmentations("membrain", "0")),
    identities(run.get_segmentations(object_name="membrane", user_id="alice")),
])
show("tomograms", [identities(run.get_voxel_spacing(13.48).get_tomograms("wbp")),
                   identities(run.get_voxel_spacing(13.48).get_tomograms("nothing")),
                   identities(run.get_voxel_spacing(26.96).tomograms),
                   identities([run.get_voxel_spacing(13.48).get_tomogram("denoised")]),
                   run.get_voxel_spacing(13.48).get_tomogram("nothing")])
tomogram = run.get_voxel_spacing(13.48).get_tomograms("wbp")[0]
show("features", [identities([tomogram.get_features("sobel")]), tomogram.get_features("nothing")])
show("of users", [identities(run.user_segmentations()), identities(run.tool_segmentations()), identities(run.user_meshes()),
                  identities(run.tool_meshes())])
root.config.user_id = "alice"
show("of alice", [identities(run.user_picks()), identities(run.user_segmentations()), identities(run.user_meshes())])
