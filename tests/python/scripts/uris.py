"""URIs: parsed, resolved, written."""

import copick
from copick.util.uri import (expand_output_uri, get_copick_objects_by_type, parse_copick_uri, resolve_copick_objects,
                             serialize_copick_uri, serialize_copick_uri_from_dict)
from report import identities, refused, show

root = copick.from_file("config.json")
for kind, uris in {
    "picks": ["ribosome:alice/1", "ribosome", "ribosome:alice", "*:*/*", "rib*:al*/[12]", "re:^(ribo|prote).*:.*/0", "*:pytom/0"],
    "mesh": ["membrane:membrain/0", "*:*/*"],
    "segmentation": ["membrane:membrain/0@13.48", "*:*/*@*", "many:alice/1@26.96?multilabel=true", "membrane", "*:alice/*@13.48"],
    "tomogram": ["wbp@13.48", "*@*", "wbp", "de*@13.48"],
    "feature": ["wbp@13.48:sobel", "*@*:*"],
}.items():
    for uri in uris:
        refused(f"parse {kind} {uri}", parse_copick_uri, uri, kind)
        try:
            found = resolve_copick_objects(uri, root, kind)
        except Exception as error:
            show(f"resolve {kind} {uri}", type(error).__name__)
            continue
        show(f"resolve {kind} {uri}", identities(found))
        show("uris", sorted(serialize_copick_uri(o) for o in found))
    show(f"in one run: {kind}", identities(resolve_copick_objects(uris[0], root, kind, run_name="TS_001")))
show("by type", identities(get_copick_objects_by_type(root, "picks", object_name="ribosome")))
show("from facts", [
    serialize_copick_uri_from_dict("picks", object_name="a", user_id="b", session_id="c"),
    serialize_copick_uri_from_dict("segmentation", name="a", user_id="b", session_id="c", voxel_spacing=10.0, multilabel=True),
    serialize_copick_uri_from_dict("tomogram", tomo_type="wbp", voxel_spacing=13.48),
])
for output, source, kinds in [("a:b/c", "ribosome:alice/1", ("picks", "picks")), ("x", "ribosome:alice/1", ("picks", "segmentation")),
                              ("/9", "ribosome:alice/1", ("picks", "mesh"))]:
    refused(f"expand {output}", expand_output_uri, output, source, *kinds, "tool")
refused("bad kind", parse_copick_uri, "a", "spaceship")
refused("bad uri", parse_copick_uri, "a:b:c:d/e/f", "picks")
