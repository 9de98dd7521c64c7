"""Mistakes that the types have to find: one on each line that ends in a mark, and nowhere else."""

import copick_native as copick

root = copick.from_file(1)  # wrong
root.get_run(3)  # wrong
root.get_runn("TS_001")  # wrong
run = root.get_run("TS_001")
run.name  # wrong
assert run is not None
run.get_voxel_spacing("10")  # wrong
run.new_picks("ribosome")  # wrong
length: int = run.name  # wrong
run.picks[0].from_numpy()  # wrong
