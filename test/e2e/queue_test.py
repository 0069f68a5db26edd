"""The queue end to end: the real daemon, real jobs, killed at any moment."""

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

EBB = os.environ["EBB"]
SANITIZED = os.environ.get("EBB_SANITIZED", "") != ""
KILLS = 60 if SANITIZED else 500
NOBODY = 65534


class QueueTest(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="ebb-queue-"))
        self.folder.chmod(0o755)
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.env = {**{k: v for k, v in os.environ.items() if not k.startswith(("SLURM_", "EBB_"))},
                    "XDG_DATA_HOME": str(self.folder / "data"), "EBB_QUEUE": str(self.folder / "queue")}
        self.daemon = None
        self.addCleanup(self.clear)

    def clear(self):
        if self.daemon is None:
            self.serve()
        for job in self.jobs():
            if job["state"] not in ("finished", "failed", "cancelled", "lost"):
                self.ebb("cancel", job["id"])
        self.wait(lambda: all(j["state"] in ("finished", "failed", "cancelled", "lost") for j in self.jobs()))
        self.stop(signal.SIGTERM)

    def serve(self, *options):
        self.daemon = subprocess.Popen([EBB, "serve", "--jobs", "3", *options], env=self.env, cwd=self.folder,
                                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def stop(self, how):
        self.daemon.send_signal(how)
        self.daemon.wait(60)
        self.daemon.stderr.close()
        self.daemon = None

    def ebb(self, *words, user=None):
        return subprocess.run([EBB, *map(str, words)], env=self.env, cwd=self.folder, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=60, user=user, group=user,
                              extra_groups=[] if user else None)

    def asked(self, *words, user=None):
        """Until a daemon is there to answer."""
        end = time.monotonic() + 60
        while True:
            result = self.ebb(*words, user=user)
            if result.returncode != 5 or time.monotonic() > end:
                return result
            time.sleep(0.01)

    def submit(self, script, *options, user=None):
        result = self.asked("submit", "--json", *options, "--", "/bin/sh", "-c", script, user=user)
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout)["id"]

    def jobs(self):
        result = self.asked("jobs", "--all", "--limit", "100000", "--json")
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout)["jobs"]

    def job(self, job):
        return json.loads(self.asked("jobs", job, "--json").stdout)["job"]

    def wait(self, question):
        end = time.monotonic() + 120
        while not question():
            self.assertLess(time.monotonic(), end, "it did not come true")
            time.sleep(0.02)

    def ended(self, job):
        self.wait(lambda: self.job(job)["state"] in ("finished", "failed", "cancelled", "lost"))
        return self.job(job)

    def test_a_job_runs_here_measured_and_its_output_is_kept(self):
        self.serve()
        self.env["GREETING"] = "hi"
        job = self.submit("echo $GREETING $PWD; echo oops >&2; exit 3", "--name", "a b\x1b[2J\nc", "--tag", "k=v")
        self.assertEqual(self.ended(job)["exit_code"], 3)
        self.assertEqual(self.job(job)["state"], "failed")
        logs = self.ebb("logs", job)
        self.assertEqual(logs.stdout, f"hi {self.folder}\noops\n")
        self.assertEqual((self.folder / "queue" / "jobs" / job).stat().st_mode & 0o777, 0o700)
        runs = json.loads(self.ebb("runs", "list", "--json").stdout)
        self.assertEqual(len(self.job(job)["run_ids"]), 1)
        self.assertIn(self.job(job)["run_ids"][0], json.dumps(runs))
        table = self.ebb("jobs", "--all").stdout
        self.assertNotIn("\x1b", table)
        self.assertIn("failed", table)

    def test_what_is_held_stands_still_and_what_is_cancelled_ends(self):
        self.serve()
        job = self.submit("setsid sh -c 'while :; do echo x; sleep 0.01; done' & while :; do echo y; sleep 0.01; done",
                          "--slack", "0s", "--duration", "1h", "--pausable", "freeze")
        output = self.folder / "queue" / "jobs" / job / "output"
        self.wait(lambda: output.exists() and output.stat().st_size > 20)
        self.assertEqual(self.ebb("hold", job).returncode, 0)
        self.wait(lambda: self.job(job)["state"] == "held" and self.job(job)["note"] == ""
                  and self.stands_still(output))
        self.assertEqual(self.ebb("release", job).returncode, 0)
        size = output.stat().st_size
        self.wait(lambda: output.stat().st_size > size)
        self.assertEqual(self.ebb("cancel", job).returncode, 0)
        self.assertEqual(self.ended(job)["state"], "cancelled")
        self.assertTrue(self.stands_still(output))
        self.assertEqual(self.ebb("cancel", job).returncode, 2)
        self.assertEqual(self.ebb("cancel", "999").returncode, 4)

    @staticmethod
    def stands_still(path):
        size = path.stat().st_size
        time.sleep(0.3)
        return path.stat().st_size == size

    def test_no_daemon_a_second_daemon_and_nonsense_are_told(self):
        result = self.ebb("jobs")
        self.assertEqual(result.returncode, 5)
        self.assertIn("ebb serve", result.stderr)
        self.serve()
        self.jobs()
        second = self.ebb("serve")
        self.assertEqual(second.returncode, 5)
        self.assertIn("another ebb serve", second.stderr)
        for said in (b"\n", b"{}\n", b"[1]\n", b'{"op":"submit"}\n', b'{"op":"submit","task":"{}","submission":"{}"}\n',
                     b'{"op":"show","id":7}\n', b'{"op":"list","limit":"x"}\n', b"\xff\xfe\x00\n", b"x" * 100000 + b"\n"):
            with socket.socket(socket.AF_UNIX) as door:
                door.connect(str(self.folder / "queue" / "socket"))
                door.sendall(said)
                self.assertFalse(json.loads(door.makefile().readline())["ok"], said[:50])
        silent = socket.socket(socket.AF_UNIX)
        self.addCleanup(silent.close)
        silent.connect(str(self.folder / "queue" / "socket"))
        self.assertEqual(self.jobs(), [])
        late = self.ebb("submit", "--duration", "2h", "--deadline", "2020-01-01T00:00:00Z", "--", "true")
        self.assertEqual(late.returncode, 6)

    def test_killed_at_any_moment_the_daemon_runs_every_job_exactly_once(self):
        chance = random.Random(20260101)
        scripts = {}
        self.serve()
        for number in range(24):
            options = []
            if number % 3 == 1:
                options = ["--slack", "0s", "--duration", "1h", "--pausable", "freeze"]
            path = self.folder / f"job{number}"
            script = f"echo begin >> {path}; i=0; while [ $i -lt 20 ]; do i=$((i+1)); echo $i; sleep 0.05; done; echo end >> {path}"
            scripts[self.submit(script, *options)] = path
        kills = 0
        begin = time.monotonic()
        while kills < KILLS and time.monotonic() - begin < 240:
            time.sleep(chance.random() * 0.06)
            if chance.random() < 0.2:
                # Whatever it was asked for last is done or not: both are fine, twice is not.
                some = chance.choice(list(scripts))
                process = subprocess.Popen([EBB, chance.choice(["hold", "release"]), some], env=self.env,
                                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                time.sleep(chance.random() * 0.01)
                self.stop(signal.SIGKILL)
                process.wait(60)
            else:
                self.stop(signal.SIGKILL)
            kills += 1
            self.serve()
        self.assertGreaterEqual(kills, KILLS)
        for job in scripts:
            self.asked("release", job)
        for job, path in scripts.items():
            record = self.ended(job)
            self.assertEqual(record["state"], "finished", record)
            self.assertEqual(record["attempt"], 1)
            self.assertEqual(path.read_text(), "begin\nend\n")
            self.assertEqual(self.ebb("logs", job).stdout, "".join(f"{i}\n" for i in range(1, 21)))
            self.assertIsNotNone(record["energy_kwh"])

    @unittest.skipUnless(os.geteuid() == 0, "only root can run jobs as their users")
    def test_another_user_sees_and_touches_nothing_that_is_not_his(self):
        self.serve()
        mine = self.submit("sleep 60")
        self.assertEqual(self.ebb("jobs", user=NOBODY).returncode, 5)
        self.ebb("cancel", mine)
        self.ended(mine)
        self.stop(signal.SIGTERM)
        self.serve("--everybody")
        mine = self.submit("sleep 60")
        shared = self.folder / "shared"
        shared.mkdir()
        shared.chmod(0o777)
        self.env["XDG_DATA_HOME"] = str(shared)
        his = self.submit(f"id -u; touch {shared}/made; cat {self.folder}/queue/jobs/{mine}/output", user=NOBODY)
        self.assertEqual(self.ended(his)["state"], "failed")
        self.assertEqual((shared / "made").stat().st_uid, NOBODY)
        said = self.ebb("logs", his, user=NOBODY).stdout
        self.assertIn(f"{NOBODY}\n", said)
        self.assertIn("Permission denied", said)
        self.assertEqual(self.ebb("cancel", mine, user=NOBODY).returncode, 4)
        self.assertEqual(self.ebb("hold", mine, user=NOBODY).returncode, 4)
        self.assertEqual(self.ebb("logs", mine, user=NOBODY).returncode, 4)
        listed = json.loads(self.ebb("jobs", "--all", "--json", user=NOBODY).stdout)["jobs"]
        self.assertEqual([job["id"] for job in listed], [his])
        # Nobody speaks for somebody else: who asks is what the kernel says.
        for path in (self.folder / "queue" / "queue.db", self.folder / "queue" / "jobs" / mine):
            self.assertEqual(path.stat().st_mode & 0o077, 0, path)


if __name__ == "__main__":
    unittest.main(verbosity=2)
