"""What many runs hold, listed at once, in the place of the listings that their handles would make one by one."""

from __future__ import annotations

from copick_native.models.run import PRELOADED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Sequence


def listings(engine: Any, runs: Sequence[str], wanted: Sequence[str]) -> Dict[tuple, list]:
    """The answers of the engine's list methods by ``(method, side, arguments...)``, for what is wanted of these runs."""
    flags = {kind: kind in wanted for kind in PRELOADED}
    sides = {side: engine.contents(side, runs, **flags) for side in ("static", "overlay")}
    found: Dict[tuple, list] = {}
    for place, run in enumerate(runs):
        both = {side: contents[place] for side, contents in sides.items()}
        for side, (_, picks, meshes, filaments, segmentations) in both.items():
            if "picks" in wanted:
                found["annotations", side, "picks", run] = picks
            if "meshes" in wanted:
                found["annotations", side, "mesh", run] = meshes
            if "filaments" in wanted:
                found["annotations", side, "filaments", run] = filaments
            if "segmentations" in wanted:
                found["segmentations", side, run] = segmentations
        if "images" in wanted:
            _add_images(found, run, {side: contents[0] for side, contents in both.items()})
    return found


def _add_images(found: Dict[tuple, list], run: str, spacings: Dict[str, List[tuple]]) -> None:
    """Spacings, tomograms and features of a run. What one side has is asked of the other too, so both have an answer."""
    held = {side: {size: (types, features) for size, types, features in listed} for side, listed in spacings.items()}
    sizes = {size for listed in held.values() for size in listed}
    for side, by_size in held.items():
        found["spacings", side, run] = list(by_size)
        for size in sizes:
            found["tomograms", side, run, size] = by_size.get(size, ((), ()))[0]
    for size in sizes:
        types = {name for by_size in held.values() for name in by_size.get(size, ((), ()))[0]}
        for side, by_size in held.items():
            features = by_size.get(size, ((), ()))[1]
            for name in types:
                found["features", side, run, size, name] = [feature for of, feature in features if of == name]
