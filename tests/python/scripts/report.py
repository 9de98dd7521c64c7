"""What a parity script prints: one JSON line for each fact, the same for every implementation that is right."""

import hashlib
import json
import logging
import re
import warnings

import numpy as np

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)  # what is logged is no fact


def plain(value):
    """A value as JSON can hold it: arrays by checksum, objects by what they hold, floats exactly."""
    if isinstance(value, np.ndarray):
        data = np.ascontiguousarray(value)
        data = data.astype(data.dtype.newbyteorder("<"), copy=False)
        return {"shape": list(data.shape), "dtype": str(data.dtype), "sha256": hashlib.sha256(data.tobytes()).hexdigest(),
                "first": [plain(item) for item in data.reshape(-1)[:4]]}
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float) and value != value:
        return "NaN"
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted(plain(item) for item in value)
    if hasattr(value, "model_dump"):
        return plain(value.model_dump())
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return re.sub(r"0x[0-9a-f]+", "0x", repr(value))


def show(name, value):
    print(json.dumps([name, plain(value)]), flush=True)


def refused(name, call, /, *arguments, text=False, **options):
    """Shows how a call fails: the class a user catches, and the words where users have come to rely on them."""
    try:
        result = call(*arguments, **options)
    except Exception as error:
        known = (AttributeError, KeyError, TypeError, ValueError, PermissionError, FileNotFoundError, OSError,
                 NotImplementedError, RuntimeError)
        kind = next((k.__name__ for k in known if isinstance(error, k)), type(error).__name__)
        show(name, {"refused": kind, "text": str(error)} if text else {"refused": kind})
    else:
        show(name, {"accepted": result})


def identity(entity):
    """What identifies an entity, whatever its kind."""
    fields = ("name", "pickable_object_name", "user_id", "session_id", "voxel_size", "is_multilabel", "is_instance",
              "is_panoptic", "tomo_type", "feature_type")
    if hasattr(entity, "tomo_type"):
        fields = fields[1:]  # a tomogram's name is its type, and not of the reference
    return {field: getattr(entity, field) for field in fields if hasattr(entity, field)}


def identities(entities):
    return sorted((identity(entity) for entity in entities), key=lambda item: json.dumps(item, sort_keys=True))
