"""Works for a while as a long session does, and says whether memory or open files grew, and how long a round took.

    python soak.py SECONDS

Growth is judged between the end of the first third and the end: memory by less than 8 MB, files not at all.
"""

import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from parity import make_project
from test_leaks import MEGABYTE, descriptors, resident, workload

GROWTH_MB = 8


def main():
    seconds = float(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix="copick-soak-") as name:
        configs = []
        for number in range(2):
            folder = Path(name).resolve() / str(number)
            folder.mkdir()
            make_project(folder)
            configs.append(str(folder / "config.json"))
        begin, rounds, early = time.monotonic(), 0, None
        with ThreadPoolExecutor(len(configs)) as pool:
            while (elapsed := time.monotonic() - begin) < seconds or early is None:
                list(pool.map(workload, configs))
                rounds += 1
                if early is None and elapsed > seconds / 3:
                    early = resident(), descriptors(), rounds, elapsed
        memory, files = (resident() - early[0]) / MEGABYTE, descriptors() - early[1]
    print(f"{rounds} rounds in {elapsed:.0f} s, {early[2]} before the first look; memory {resident() / MEGABYTE:.0f} MB, "
          f"{memory:+.1f} MB since; files {files:+d}; a round took {early[3] / early[2] * 1e3:.0f} ms, "
          f"then {(elapsed - early[3]) / max(rounds - early[2], 1) * 1e3:.0f} ms")
    return 1 if memory > GROWTH_MB or files > 0 else 0


if __name__ == "__main__":
    sys.exit(main())
