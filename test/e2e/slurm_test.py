"""`srun ebb run` on a real Slurm of three nodes on loopback."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

EBB = os.environ["EBB"]
SCRIPTS = Path(__file__).resolve().parents[1] / "slurm"
SKIPPED = 77


class SlurmTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # Slurm's own users must reach it, so not below a private folder.
        cls.folder = tempfile.mkdtemp(prefix="ebb-slurm-", dir="/tmp")
        os.chmod(cls.folder, 0o755)
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.addClassCleanup(subprocess.run, [SCRIPTS / "slurm-down", cls.folder], check=False)
        subprocess.run([SCRIPTS / "slurm-up", cls.folder, "3"], check=True, timeout=120, stdout=subprocess.DEVNULL)

    def setUp(self):
        self.data = tempfile.mkdtemp(prefix="ebb-data-")
        self.addCleanup(shutil.rmtree, self.data, ignore_errors=True)
        self.environment = dict(os.environ, SLURM_CONF=f"{self.folder}/slurm.conf", XDG_DATA_HOME=self.data)

    def srun(self, *words, code=0):
        done = subprocess.run(["srun", *words], env=self.environment, capture_output=True, timeout=120, check=False)
        self.assertEqual(done.returncode, code, done.stderr.decode())
        return done

    def runs(self):
        listed = subprocess.run([EBB, "runs", "list", "--json"], env=self.environment, capture_output=True, check=True)
        return json.loads(listed.stdout)

    def test_ranks_on_three_nodes_are_one_run(self):
        done = self.srun("-N3", "-n6", EBB, "run", "--zone", "DE", "--", "sh", "-c", "sleep 1; echo $SLURM_PROCID")
        self.assertEqual(sorted(done.stdout.split()), [b"0", b"1", b"2", b"3", b"4", b"5"])
        self.assertEqual(done.stderr.decode().count("ebb: energy"), 1, "one summary for all")
        run, = self.runs()
        self.assertEqual(sorted(run["nodes"]), ["n1", "n2", "n3"])
        self.assertEqual(run["missing_nodes"], [])
        self.assertEqual(run["state"], "finished")
        self.assertEqual(len(run["components"]), 6, "CPU and memory of each node, once")
        self.assertIsNotNone(run["attributional"]["operational_g"])

    def test_a_rank_that_fails_is_the_runs_exit_code(self):
        self.srun("-N2", "-n2", EBB, "run", "--quiet", "--", "sh", "-c", "exit $((SLURM_PROCID * 3))", code=3)
        run, = self.runs()
        self.assertEqual(run["exit_code"], 3)

    def test_steps_of_a_job_are_runs_of_their_own(self):
        script = Path(self.data) / "job.sh"
        script.write_text(f"#!/bin/sh\nsrun -n1 {EBB} run --quiet -- true\nsrun -n1 {EBB} run --quiet -- true\n")
        subprocess.run(["sbatch", "--wait", "-o", "/dev/null", script], env=self.environment, check=True, timeout=120,
                       stdout=subprocess.DEVNULL)
        self.assertEqual(len({run["run_id"] for run in self.runs()}), 2)


if __name__ == "__main__":
    needed = ["slurmctld", "slurmd", "srun", "munged"]
    missing = [name for name in needed if shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin") is None]
    if missing or os.geteuid() != 0:
        print("skipped:", f"not installed: {', '.join(missing)}" if missing else "bringing up a Slurm needs root")
        sys.exit(SKIPPED)
    unittest.main(verbosity=2)
