"""`ebb keep` end to end: the real binary keeps a job in its folder, measures it, and files its run."""

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

EBB = os.environ["EBB"]


class KeepTest(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="ebb-keep-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.job = self.folder / "1-a"
        self.job.mkdir(mode=0o700)

    def task(self, script, **fields):
        task = {
            "schema": "ebb-task-1", "id": "1-a", "attempt": 1, "name": "", "argv": ["/bin/sh", "-c", script],
            "environment": ["PATH=/usr/bin:/bin", f"XDG_DATA_HOME={self.folder}", "SLURM_JOB_ID=7", "SLURM_STEP_ID=0",
                            "SLURM_PROCID=3", "EBB_PROJECT=mine"],
            "folder": str(self.folder), "output": str(self.folder / "out"), "uid": os.geteuid(), "gid": os.getegid(),
            "resources": {"cpus": 0, "memory_bytes": 0, "gpus": 0}, "boards": [], "pausable": "freeze",
            "checkpoint_command": [], "checkpoint_signal": 10, "grace_ns": 10**10, "run_options": [],
            "engine_options": [], "not_before": None}
        task.update(fields)
        (self.job / "attempt-1.task").write_text(json.dumps(task))

    def keeper(self):
        return subprocess.Popen([EBB, "keep", str(self.job), "1"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE)

    def keep(self):
        with self.keeper() as keeper:
            said = keeper.communicate(timeout=60)
            self.assertEqual(keeper.returncode, 0, said)

    def status(self):
        return json.loads((self.job / "attempt-1.status").read_text())

    def wait_for(self, state):
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                if self.status()["state"] == state:
                    return
            except FileNotFoundError:
                pass
            time.sleep(0.005)
        self.fail(f"{self.status()} is not {state}")

    def say(self, word):
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as client:
            client.connect(str(self.job / "attempt-1.sock"))
            client.send(word.encode())
            return client.recv(4096).decode()

    def runs(self):
        done = subprocess.run([EBB, "runs", "export", "--format", "jsonl", "--data-dir", str(self.folder / "ebb")], capture_output=True,
                              timeout=60, check=True)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def test_a_kept_job_is_a_run_like_any_other(self):
        self.task("echo \"$EBB_RUN_ID\"; echo err >&2; i=0; while test $i -lt 20000; do i=$((i+1)); done; exit 3",
                  run_options=["--project", "thesis", "--tag", "a=b", "--sensors", "model"])
        self.keep()
        status = self.status()
        self.assertEqual((status["state"], status["exit_code"]), ("ended", 3))
        run, = self.runs()
        self.assertEqual(run["run_id"], status["run_id"])
        self.assertEqual((run["project"], run["tags"], run["exit_code"]), ("thesis", {"a": "b"}, 3))
        self.assertEqual(run["command"][0], "/bin/sh")
        self.assertEqual((self.folder / "out").read_text(), f"{status['run_id']}\nerr\n")
        self.assertAlmostEqual(run["energy_kwh"] * 3.6e6, status["energy_j"], delta=0.5 * status["energy_j"] + 1)

    def test_its_environment_names_its_project(self):
        self.task("true")
        self.keep()
        run, = self.runs()
        self.assertEqual(run["project"], "mine")

    def test_options_that_are_wrong_are_its_end(self):
        for options in (["--zone"], ["--every", "1ns"], ["--no-such"], ["--attach", "1"]):
            self.task("touch ran", run_options=options)
            self.keep()
            status = self.status()
            self.assertEqual((status["state"], status["exit_code"]), ("ended", 125), options)
            self.assertNotEqual(status["note"], "")
            self.assertFalse((self.folder / "ran").exists())
            for file in self.job.iterdir():
                file.unlink()

    def test_of_many_keepers_one_keeps(self):
        self.task("echo once >> once; sleep 0.2")
        keepers = [self.keeper() for _ in range(6)]
        for keeper in keepers:
            keeper.communicate(timeout=60)
            self.assertEqual(keeper.returncode, 0)
        self.assertEqual((self.folder / "once").read_text(), "once\n")
        self.assertEqual(len(self.runs()), 1)

    def test_paused_it_is_metered_on_and_a_signal_to_its_keeper_reaches_it(self):
        self.task("trap 'echo got; exit 9' TERM; touch ready; while :; do sleep 0.01; done")
        with self.keeper() as keeper:
            self.wait_for("running")
            while not (self.folder / "ready").exists():
                time.sleep(0.005)
            self.assertEqual(self.say("pause"), "ok")
            self.wait_for("paused")
            self.assertTrue(self.say("status").startswith("ok {"))
            self.assertTrue(self.say("dance").startswith("no "))
            time.sleep(0.3)
            keeper.send_signal(signal.SIGTERM)
            keeper.communicate(timeout=60)
        self.assertEqual(self.status()["exit_code"], 9)
        self.assertEqual((self.folder / "out").read_text(), "got\n")
        run, = self.runs()
        self.assertEqual(run["pauses"], 1)
        self.assertGreater(run["paused_seconds"], 0.25)
        self.assertLess(run["paused_seconds"], run["duration_seconds"])
        self.assertAlmostEqual(self.status()["paused_ns"] / 1e9, run["paused_seconds"], delta=0.1)

    def test_a_folder_that_cannot_be_used_is_said(self):
        done = subprocess.run([EBB, "keep", str(self.folder / "none"), "1"], capture_output=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 4)
        self.assertIn(b"no such folder", done.stderr)
        self.task("true")
        self.job.chmod(0o755)
        done = subprocess.run([EBB, "keep", str(self.job), "1"], capture_output=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 5)
        for words in (["keep"], ["keep", str(self.job)], ["keep", str(self.job), "0"], ["keep", str(self.job), "x"]):
            done = subprocess.run([EBB, *words], capture_output=True, timeout=60, check=False)
            self.assertEqual(done.returncode, 2, words)


if __name__ == "__main__":
    unittest.main(verbosity=2)
