"""What the engine promises to programs of many threads and processes."""

import multiprocessing
import os
import pickle
import signal
import threading
import unittest
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import copick_native as copick
import numpy as np
from sample import Sample, entities, tomograms


def checksum(entity, *region):
    return float(entity.numpy(*region).astype(np.float64).sum())


def checksums_of(config):
    return [checksum(t) for t in tomograms(copick.from_file(config))]


def identity(entity):
    kinds = ("name", "voxel_size", "tomo_type", "feature_type", "pickable_object_name", "user_id", "session_id")
    return type(entity).__name__, [getattr(entity, k) for k in kinds if hasattr(entity, k)]


def in_fork(action, seconds=60):
    """What `action` gives in a forked child; an AssertionError when the child fails or hangs."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            signal.alarm(seconds)  # a deadlock ends here
            os.write(writer, pickle.dumps(action()))
            code = 0
        finally:
            os._exit(code)
    os.close(writer)
    with os.fdopen(reader, "rb") as answer:
        data = answer.read()
    _, status = os.waitpid(child, 0)
    if status:
        raise AssertionError(f"the forked child ended with {os.waitstatus_to_exitcode(status)}")
    return pickle.loads(data)


class Threads(Sample):
    def test_threads_read_the_same_values_as_one(self):
        root = copick.from_file(self.config)
        tomogram = root.get_run("TS_001").get_voxel_spacing(13.48).get_tomograms("wbp")[0]
        whole = tomogram.numpy()

        def read(seed):
            random = np.random.default_rng(seed)
            for _ in range(50):
                low = [int(random.integers(0, n)) for n in whole.shape]
                z, y, x = (slice(a, int(random.integers(a, n)) + 1) for a, n in zip(low, whole.shape))
                if not np.array_equal(tomogram.numpy(z=z, y=y, x=x), whole[z, y, x]):
                    return f"other values in {z}, {y}, {x}"
            return "same"

        with ThreadPoolExecutor(8) as pool:
            self.assertEqual(set(pool.map(read, range(16))), {"same"})

    def test_threads_may_list_read_write_and_refresh_at_once(self):
        root = copick.from_file(self.config)
        run = root.get_run("TS_001")
        expected = checksums_of(self.config)

        def write(number):
            for session in range(5):
                run.new_picks("ribosome", str(session), f"writer{number}").from_numpy(np.full((20, 3), float(number)))
            return "written"

        def refresh(_):
            for _ in range(10):
                root.refresh()
                [p.points for r in root.runs for p in r.picks]
            return "refreshed"

        def read(_):
            return "read" if checksums_of(self.config) == expected else "wrong"

        with ThreadPoolExecutor(8) as pool:
            jobs = [pool.submit(f, i) for i in range(4) for f in (write, refresh, read)]
            self.assertEqual({job.result() for job in jobs}, {"written", "refreshed", "read"})
        fresh = copick.from_file(self.config).get_run("TS_001")
        for number in range(4):
            picks = fresh.get_picks(user_id=f"writer{number}")
            self.assertEqual(len(picks), 5)
            for p in picks:
                self.assertEqual(p.numpy()[0].tolist(), [[float(number)] * 3] * 20)


class Forks(Sample):
    def test_a_child_reads_after_the_parent_has(self):
        root = copick.from_file(self.config)
        expected = [checksum(t) for t in tomograms(root)]
        self.assertEqual(in_fork(lambda: [checksum(t) for t in tomograms(root)]), expected)
        self.assertEqual(in_fork(lambda: checksums_of(self.config)), expected)
        self.assertEqual([checksum(t) for t in tomograms(root)], expected)

    def test_a_child_of_a_child_reads(self):
        expected = checksums_of(self.config)
        self.assertEqual(in_fork(lambda: in_fork(lambda: checksums_of(self.config))), expected)

    def test_a_child_reads_though_the_parent_was_reading_in_threads(self):
        root = copick.from_file(self.config)
        expected = [checksum(t) for t in tomograms(root)]
        stop = threading.Event()

        def keep_reading():
            while not stop.is_set():
                for t in tomograms(root):
                    checksum(t)

        readers = [threading.Thread(target=keep_reading) for _ in range(3)]
        for reader in readers:
            reader.start()
        try:
            for _ in range(10):
                self.assertEqual(in_fork(lambda: checksums_of(self.config)), expected)
        finally:
            stop.set()
            for reader in readers:
                reader.join()

    def test_a_child_writes_what_the_parent_then_finds(self):
        root = copick.from_file(self.config)
        run = root.get_run("TS_001")
        len(run.picks)

        def write():
            run.new_picks("ribosome", "1", "child").from_numpy(np.ones((3, 3)))
            return True

        self.assertTrue(in_fork(write))
        run.refresh_picks()
        self.assertEqual(len(run.get_picks(user_id="child")[0].points), 3)


class Pickles(Sample):
    def test_every_handle_travels_as_config_and_identity(self):
        for entity in entities(copick.from_file(self.config)):
            with self.subTest(type(entity).__name__):
                data = pickle.dumps(entity)
                self.assertEqual(identity(pickle.loads(data)), identity(entity))
                self.assertLess(len(data), 20_000)

    def test_an_unpickled_handle_reads(self):
        root = copick.from_file(self.config)
        for entity in entities(root):
            if hasattr(entity, "numpy") and type(entity).__name__ != "CopickPicksFSSpec":
                again = pickle.loads(pickle.dumps(entity))
                a, b = again.numpy(), entity.numpy()
                if isinstance(a, np.ndarray):
                    np.testing.assert_array_equal(a, b)

    def test_unpickled_handles_share_their_project(self):
        root = copick.from_file(self.config)
        run, other = pickle.loads(pickle.dumps([root.get_run("TS_001"), root.get_run("TS_002")]))
        self.assertIs(run.root, other.root)

    def test_points_and_configs_are_equal_after_the_journey(self):
        root = copick.from_file(self.config)
        points = root.get_run("TS_001").picks[0].points
        self.assertEqual(pickle.loads(pickle.dumps(points)), points)
        self.assertEqual(pickle.loads(pickle.dumps(root.config)), root.config)


class Processes(Sample):
    def test_pools_of_every_start_method_read_handles_sent_to_them(self):
        handles = tomograms(copick.from_file(self.config))
        expected = [checksum(t) for t in handles]
        for method in multiprocessing.get_all_start_methods():
            with self.subTest(method), ProcessPoolExecutor(2, mp_context=multiprocessing.get_context(method)) as pool:
                self.assertEqual(list(pool.map(checksum, handles)), expected)

    def test_dask_workers_of_threads_and_processes_read_handles(self):
        import dask

        handles = tomograms(copick.from_file(self.config))
        expected = tuple(checksum(t) for t in handles)
        jobs = [dask.delayed(checksum)(t) for t in handles]
        for scheduler in ("threads", "processes"):
            with self.subTest(scheduler):
                self.assertEqual(dask.compute(*jobs, scheduler=scheduler, num_workers=2), expected)


if __name__ == "__main__":
    unittest.main()
