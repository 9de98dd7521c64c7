"""Ours beside the peers over links: listing, planes and transfers, on real servers on loopback, in one run.

    python run.py BUILD ENVIRONMENTS SERVERS [--rounds 3] [--runs 1000] [--peer-runs 20] [--side 512] [--mb 500]

BUILD holds bin/copick_bench_remote; ENVIRONMENTS is the folder of copick1/ and peers/ that tools/python_environments
makes, SERVERS the one that tools/test_servers makes. Needs sshd. A relay adds 30 ms to a round trip where it says so.
Prints Markdown: the best of the rounds with processor time, requests and bytes on the wire, and ratios (peer / ours;
above 1 we are faster).
"""

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parent.parent
ROUND_TRIP = 30  # ms
OBJECT = {"name": "ribosome", "is_particle": True, "label": 1, "radius": 100, "map_threshold": 0.1}

# A tomogram as a camera gives it, written by the reference.
MAKE_VOLUME = """
import sys, copick, numpy as np
config, side = sys.argv[1], int(sys.argv[2])
random = np.random.default_rng(1)
wave = np.sin(np.arange(side) / 17)[None, :] + np.cos(np.arange(side) / 23)[:, None]
slabs = [np.round((wave + random.normal(0, 1, (side, side))) * 64) / 64 for _ in range(16)]
volume = np.stack([np.roll(slabs[z % 16], z // 16 * 37, axis=1) for z in range(side)]).astype(np.float32)
spacing = copick.from_file(config).new_run("TS_volume").new_voxel_spacing(10.0)
spacing.new_tomogram("wbp").from_numpy(volume, levels=1)
"""


class Server:
    """One of tests/servers/run.py's, until close()."""

    def __init__(self, folder, kind, *arguments):
        folder.mkdir()
        command = [sys.executable, SOURCE / "tests/servers/run.py", kind, folder, *map(str, arguments)]
        self.log = folder / "log"
        self.process = subprocess.Popen([str(word) for word in command], stdin=subprocess.PIPE)
        while not (folder / "env").exists():
            if self.process.poll() is not None:
                raise SystemExit(f"{kind} did not start")
            time.sleep(0.02)
        self.facts = dict(line.split("=", 1) for line in (folder / "env").read_text().splitlines())

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Sshd:
    """An SSH server with a key of its own, until close()."""

    def __init__(self, folder):
        folder.mkdir()
        self.folder = folder
        subprocess.run([SOURCE / "tests/servers/sftp_start.sh", folder], check=True)
        facts = dict(line.split("=", 1) for line in (folder / "env").read_text().splitlines())
        self.port, self.user = facts["SFTP_PORT"], facts["SFTP_USER"]
        self.facts = {"URL": f"sftp://127.0.0.1:{self.port}"}

    def arguments(self):
        return {"username": self.user, "client_keys": [str(self.folder / "user_key")], "known_hosts": None,
                "config": None}

    def run(self, command):
        """What `sftp` takes for it."""
        words = ["sftp", "-q", "-F", "none", "-P", self.port, "-i", self.folder / "user_key", "-o",
                 f"UserKnownHostsFile={self.folder}/known_hosts", "-b", "-", f"{self.user}@127.0.0.1"]
        before, begin = os.times(), time.perf_counter()
        subprocess.run([str(word) for word in words], input=command, text=True, check=True, stdout=subprocess.DEVNULL)
        seconds, after = time.perf_counter() - begin, os.times()
        cpu = after.children_user + after.children_system - before.children_user - before.children_system
        return {"seconds": seconds, "cpu": cpu}

    def close(self):
        os.kill(int((self.folder / "pid").read_text()), signal.SIGTERM)


class Relay(Server):
    """A server that is ROUND_TRIP away."""

    def __init__(self, folder, server):
        super().__init__(folder, "relay", server.facts["URL"].rsplit(":", 1)[1], ROUND_TRIP / 2)

    def totals(self):
        time.sleep(0.15)  # it prints twenty times a second
        lines = re.findall(r"^\d+ \d+ \d+ \d+$", self.log.read_text(), flags=re.M)
        return [int(word) for word in lines[-1].split()] if lines else [0, 0, 0, 0]


def output_of(command, environment=None):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False,
                          env=os.environ | (environment or {}))
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}\nended with {done.returncode}\n{done.stderr[-3000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def best(reports):
    return min(reports, key=lambda report: report["seconds"])


def in_turns(rounds, **works):
    """The best report of each, measured turn about so that a busy machine slows all of them."""
    reports = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            reports[name].append(work())
    return {name: best(of_one) for name, of_one in reports.items()}


class Bench:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.ours = options.build / "bin/copick_bench_remote"
        self.copick1 = options.environments / "copick1/bin/python"
        self.peers = options.environments / "peers/bin/python"
        self.server = Server(folder / "s3", "versitygw")
        self.relay = Relay(folder / "relay", self.server)
        self.sshd = Sshd(folder / "ssh")
        self.ssh_relay = Relay(folder / "ssh-relay", self.sshd)
        facts = self.server.facts
        self.keys = {"AWS_ACCESS_KEY_ID": facts["KEY"], "AWS_SECRET_ACCESS_KEY": facts["SECRET"]}
        self.shown = Path(facts["ROOT"]) / facts["BUCKET"]

    def close(self):
        for one in (self.ssh_relay, self.sshd, self.relay, self.server):
            one.close()

    def arguments(self, server):
        facts = self.server.facts
        return {"key": facts["KEY"], "secret": facts["SECRET"], "endpoint_url": server.facts["URL"],
                "client_kwargs": {"region_name": facts["REGION"]}}

    def config(self, name, root, arguments):
        path = self.folder / f"{name}.json"
        path.write_text(json.dumps({"config_type": "filesystem", "name": name, "description": "", "version": "1",
                                    "pickable_objects": [OBJECT], "overlay_root": root, "overlay_fs_args": arguments}))
        return path

    def remote_config(self, server, name):
        return self.config(f"{name}-{server.facts['URL'].rsplit(':', 1)[1]}", f"s3://private/{name}",
                           self.arguments(server))

    def call(self, *words):
        return output_of([self.ours, *words])

    def peer(self, python, *words):
        return output_of([python, HERE / "peers.py", *words], self.keys)

    def on_the_wire(self, work, relay=None):
        relay = relay or self.relay
        before = relay.totals()
        report = work()
        _, requests, there, back = (now - then for now, then in zip(relay.totals(), before, strict=True))
        return report | {"requests": requests, "bytes": there + back}

    def make_runs(self):
        group = '{"zarr_format": 2}'
        for number in range(self.options.runs):
            run = self.shown / f"runs/ExperimentRuns/TS_{number:04}"
            files = {"VoxelSpacing10.000/wbp.zarr/.zgroup": group, "VoxelSpacing10.000/denoised.zarr/.zgroup": group,
                     "VoxelSpacing10.000/wbp_membrain_features.zarr/.zgroup": group,
                     "Picks/alice_1_ribosome.json": "{}", "Picks/tool_0_ribosome.json": "{}",
                     "Meshes/alice_1_ribosome.glb": "glTF",
                     "Segmentations/10.000_tool_0_ribosome.zarr/.zgroup": group}
            for name, text in files.items():
                (run / name).parent.mkdir(parents=True, exist_ok=True)
                (run / name).write_text(text)

    def make_volume(self):
        config = self.remote_config(self.server, "volume")
        subprocess.run([self.copick1, "-W", "ignore", "-c", MAKE_VOLUME, config, str(self.options.side)], check=True)

    def make_values(self):
        arguments, size = json.dumps(self.arguments(self.server)), self.options.mb * 1_000_000 // 64
        for number in range(64):
            self.call("put", "s3://private", arguments, f"values/{number:03}", size)


def wire_row(name, report, per="", ratio=""):
    return (f"| {name} | {report['seconds']:.2f} | {report['cpu']:.2f} | {report['requests']:,} | "
            f"{report['bytes'] / 1e6:.2f} | {per} | {ratio} |")


def listing(bench):
    options = bench.options
    bench.make_runs()
    config = bench.remote_config(bench.relay, "runs")
    ours = best([bench.on_the_wire(lambda: bench.call("list", config)) for _ in range(options.rounds)])
    port = bench.ssh_relay.facts["PORT"]
    ssh_config = bench.config("runs-ssh", f"sftp://127.0.0.1:{port}{bench.shown}/runs", bench.sshd.arguments())
    over_ssh = best([bench.on_the_wire(lambda: bench.call("list", ssh_config), bench.ssh_relay)
                     for _ in range(options.rounds)])
    theirs = bench.on_the_wire(lambda: bench.peer(bench.copick1, "list", config, options.peer_runs))
    assert ours["found"] == over_ssh["found"]
    assert ours["found"] * options.peer_runs == theirs["found"] * options.runs, (ours, theirs)
    per_run = [1000 * ours["seconds"] / options.runs, 1000 * theirs["seconds"] / options.peer_runs]
    print(f"\n## Listing a project {ROUND_TRIP} ms away: every run with all its entities\n")
    print("| what | s | processor s | requests | MB on the wire | ms a run | times ours |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    print(wire_row(f"copick, S3, {options.runs:,} runs", ours, f"{per_run[0]:.2f}", "1"))
    print(wire_row(f"copick 1 + s3fs, {options.peer_runs} of them", theirs, f"{per_run[1]:.1f}",
                   f"{per_run[1] / per_run[0]:.0f}"))
    print(wire_row(f"copick, SFTP, {options.runs:,} runs", over_ssh, f"{over_ssh['seconds'] * 1000 / options.runs:.2f}",
                   ""))


def plane(bench):
    bench.make_volume()
    config = bench.remote_config(bench.relay, "volume")
    reports = in_turns(
        bench.options.rounds,
        ours=lambda: bench.on_the_wire(lambda: bench.call("plane", config, "TS_volume")),
        theirs=lambda: bench.on_the_wire(lambda: bench.peer(bench.copick1, "plane", config, "TS_volume")))
    ours, theirs = reports["ours"], reports["theirs"]
    side = bench.options.side
    assert ours["found"] == theirs["found"] == 4 * side * side, reports
    print(f"\n## A z plane of {side}³ float32 on S3, {ROUND_TRIP} ms away, from opening the config on\n")
    print("| what | s | processor s | requests | MB on the wire | round trips | times ours |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for name, report in (("copick", ours), ("copick 1 + s3fs + zarr", theirs)):
        print(wire_row(name, report, f"{1000 * report['seconds'] / ROUND_TRIP:.0f}",
                       f"{report['seconds'] / ours['seconds']:.1f}"))


def loopback(bench):
    bench.make_values()
    url, arguments = bench.server.facts["URL"], json.dumps(bench.arguments(bench.server))
    config = bench.remote_config(bench.server, "volume")
    path = "volume/ExperimentRuns/TS_volume/VoxelSpacing10.000/wbp.zarr/0"
    tables = {
        f"64 values, {bench.options.mb} MB": {
            "copick": lambda: bench.call("fetch", "s3://private", arguments, "values"),
            "obstore": lambda: bench.peer(bench.peers, "obstore", url, "private", "values"),
            "tensorstore": lambda: bench.peer(bench.peers, "tensorstore", url, "private", "values")},
        f"the volume of {bench.options.side}³": {
            "copick": lambda: bench.call("read", config, "TS_volume"),
            "tensorstore": lambda: bench.peer(bench.peers, "array", url, "private", path)}}
    print("\n## Reading from S3 on loopback\n")
    print("| what | by | s | processor s | MB/s | times ours |\n|---|---|---:|---:|---:|---:|")
    for title, works in tables.items():
        reports = in_turns(bench.options.rounds, **works)
        for name, report in reports.items():
            print(f"| {title} | {name} | {report['seconds']:.3f} | {report['cpu']:.2f} | "
                  f"{report['found'] / 1e6 / report['seconds']:.0f} | "
                  f"{report['seconds'] / reports['copick']['seconds']:.2f} |")


def sftp(bench):
    sshd, size = bench.sshd, bench.options.mb * 1_000_000
    (sshd.folder / "value").write_bytes(os.urandom(size))
    url, arguments = f"{sshd.facts['URL']}{sshd.folder}", json.dumps(sshd.arguments())
    works = {"get": ((url, arguments, "value"), f"get {sshd.folder}/value /dev/null\n"),
             "put": ((url, arguments, "put", size), f"put {sshd.folder}/value {sshd.folder}/put\n")}
    print(f"\n## {bench.options.mb} MB over SFTP on loopback\n")
    print("| what | by | s | processor s | MB/s | times ours |\n|---|---|---:|---:|---:|---:|")
    for verb, (words, command) in works.items():
        reports = in_turns(bench.options.rounds, copick=lambda verb=verb, words=words: bench.call(verb, *words),
                           sftp=lambda command=command: sshd.run(command))
        for name, report in reports.items():
            print(f"| {verb} | {name} | {report['seconds']:.2f} | {report['cpu']:.2f} | "
                  f"{size / 1e6 / report['seconds']:.0f} | {report['seconds'] / reports['copick']['seconds']:.2f} |")


def main():
    parser = argparse.ArgumentParser()
    for name in ("build", "environments", "servers"):
        parser.add_argument(name, type=lambda text: Path(text).absolute())
    for name, value in (("rounds", 3), ("runs", 1000), ("peer-runs", 20), ("side", 512), ("mb", 500)):
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--only", choices=["listing", "plane", "loopback", "sftp"])
    options = parser.parse_args()
    os.environ["COPICK_TEST_TOOLS"] = str(options.servers)
    folder = Path(tempfile.mkdtemp(prefix="copick-remote-"))
    bench = Bench(options, folder)
    try:
        for part in (listing, plane, loopback, sftp):
            if options.only in (None, part.__name__):
                if options.only == "loopback" and part is loopback:
                    bench.make_volume()
                part(bench)
                sys.stdout.flush()
    finally:
        bench.close()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
