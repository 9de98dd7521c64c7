"""What copying between projects needs: lists typed in one line, and objects that both projects know."""

from __future__ import annotations

import logging
from typing import Dict, List

from copick_native.models import CopickRoot

_logger = logging.getLogger("copick_native")


def parse_list(list_str: str) -> List[str]:
    """The parts between commas.

    >>> parse_list("a, b")
    ['a', 'b']
    """
    return [item.strip() for item in list_str.split(",")] if list_str else []


def parse_dataset_ids(dataset_ids_str: str) -> List[int]:
    """The numbers between commas."""
    return [int(item) for item in parse_list(dataset_ids_str)]


def parse_mapping(mapping_str: str) -> Dict[str, str]:
    """``old:new`` pairs between commas; without a colon a name stays.

    >>> parse_mapping("a:b,c")
    {'a': 'b', 'c': 'c'}
    """
    pairs = (pair.partition(":") for pair in parse_list(mapping_str))
    return {old.strip(): (new if colon else old).strip() for old, colon, new in pairs}


def ensure_pickable_objects(
    source_root: CopickRoot,
    target_root: CopickRoot,
    target_config_path: str,
    source_objects_list: List[str],
    target_objects_dict: Dict[str, str],
    log: bool = False,
) -> None:
    """Adds the objects that the target project lacks, as the source defines them, and saves its config.

    Args:
        source_objects_list: Names in the source; one that it does not have is logged and skipped.
        target_objects_dict: Their names in the target, where they differ.
    """
    made = []
    for old in source_objects_list:
        name = target_objects_dict.get(old, old)
        if target_root.get_object(name) is not None:
            continue
        source = source_root.get_object(old)
        if source is None:
            _logger.warning("Source object '%s' not found in source project - skipping", old)
            continue
        taken = {pickable.label for pickable in target_root.pickable_objects}
        label = source.label
        while label is not None and label in taken:
            label += 1
        definition = {**source.meta.model_dump(), "name": name, "label": label}
        target_root.new_object(**definition)
        made.append(name)
    if made:
        target_root.save_config(target_config_path)
    if log:
        _logger.info("Created pickable objects: %s", ", ".join(made) if made else "none were missing")
