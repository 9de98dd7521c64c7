"""Taking data out of a project, into files of other programs: one entity, one run, or a project."""

from copick_native.ops._export_one import export_picks, export_picks_combined, export_segmentation, export_tomogram
from copick_native.ops._export_runs import export, export_run

__all__ = ["export", "export_picks", "export_picks_combined", "export_run", "export_segmentation", "export_tomogram"]
