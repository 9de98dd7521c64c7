"""Projects that the engine reads over a network or from an archive, without fsspec."""

import functools
import http.server
import json
import sys
import threading
import unittest
import zipfile

import copick_native as copick
import numpy as np
from sample import Sample


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


class NativeBackends(Sample):
    def opened_with_static(self, url):
        config = json.loads((self.folder / "config.json").read_text())
        config["static_root"], config["static_fs_args"] = url, {}
        return copick.from_string(json.dumps(config))

    def same_as_on_disk(self, root):
        disk = copick.from_file(self.folder / "config.json")
        self.assertEqual([run.name for run in root.runs], [run.name for run in disk.runs])
        spacing, on_disk = (r.get_run("TS_001").get_voxel_spacing(13.48) for r in (root, disk))
        for kind in ("wbp", "denoised"):
            for ours, theirs in zip(spacing.get_tomograms(kind), on_disk.get_tomograms(kind)):
                np.testing.assert_array_equal(ours.numpy(), theirs.numpy())
        self.assertFalse([name for name in sys.modules if name.split(".")[0] in ("fsspec", "aiohttp")])

    def test_a_static_source_behind_a_web_server(self):
        handler = functools.partial(Quiet, directory=str(self.folder / "v2-local"))
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            self.same_as_on_disk(self.opened_with_static(f"http://127.0.0.1:{server.server_port}/static/"))
            server.shutdown()

    def test_a_static_source_in_a_zip_archive(self):
        with zipfile.ZipFile(self.folder / "static.zip", "w") as archive:
            for path in sorted((self.folder / "v2-local" / "static").rglob("*")):
                archive.write(path, path.relative_to(self.folder / "v2-local"))
        self.same_as_on_disk(self.opened_with_static(f"zip://static::file://{self.folder}/static.zip"))


if __name__ == "__main__":
    unittest.main()
