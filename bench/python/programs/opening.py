"""MODULE: seconds of importing it, opening a project and listing its runs, inside a fresh process."""

import sys
import time

begin = time.perf_counter()
copick = __import__(sys.argv[1])
imported = time.perf_counter()
root = copick.from_file("config.json")
count = len(root.runs)
opened = time.perf_counter()
assert count > 1
print(f'{{"import": {imported - begin}, "open, list runs": {opened - imported}, "both": {opened - begin}}}')
