"""The layer check catches what it is there for: each fault is planted in a small tree of its own."""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

CHECK = Path(os.environ.get("EBB_SOURCE_DIR", Path(__file__).resolve().parents[2])) / "scripts" / "check-layers"
SOUND = {
    "base/CMakeLists.txt": "ebb_room(base LINK fmt::fmt)\n",
    "base/text.h": "#include <string>\n",
    "time/CMakeLists.txt": "ebb_room(time DEPS base)\n",
    "time/text.h": '#include "base/text.h"\n',
    "time/clock.cc": "auto n = std::chrono::system_clock::now();\n",
    "series/CMakeLists.txt": "ebb_room(series DEPS base time LINK x)\n",
    "series/series.h": '#include "base/text.h"\n#include "time/text.h"  // "cli/parser.h"\n',
    "plan/CMakeLists.txt": "ebb_room(plan DEPS base series)\n",
    "plan/plan.h": '#include "series/series.h"\n',
    "carbon/CMakeLists.txt": "ebb_room(carbon DEPS base)\n",
    "carbon/sci.h": '#include "base/text.h"\n',
    "cli/CMakeLists.txt": "ebb_room(cli DEPS plan)\n",
    "cli/parser.cc": "#include <CLI/CLI.hpp>\n",
}


class CheckLayers(unittest.TestCase):
    def check(self, **planted):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in {**SOUND, **planted}.items():
                path = Path(folder) / "src" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            made = subprocess.run([sys.executable, CHECK, folder], capture_output=True, text=True)
            return made.returncode, made.stdout + made.stderr

    def caught(self, said, **planted):
        code, text = self.check(**planted)
        self.assertEqual(code, 1, text)
        self.assertIn(said, text)

    def test_a_sound_tree_passes(self):
        self.assertEqual(self.check(), (0, "the layers hold\n"))

    def test_an_upward_include(self):
        self.caught("includes plan/plan.h", **{"series/csv.cc": '#include "plan/plan.h"\n'})

    def test_an_include_of_a_room_of_the_same_layer(self):
        self.caught("includes carbon/sci.h", **{"plan/cost.cc": '#include "carbon/sci.h"\n'})

    def test_an_include_without_its_deps(self):
        self.caught("time is not in DEPS", **{"plan/cost.cc": '#include "time/text.h"\n'})

    def test_an_upward_dep(self):
        self.caught("DEPS has cli", **{"plan/CMakeLists.txt": "ebb_room(plan DEPS base series cli)\n"})

    def test_a_cycle_within_a_layer(self):
        self.caught("a cycle", **{"units/CMakeLists.txt": "ebb_room(units DEPS base)\n",
                                  "units/parse.h": '#include "base/text.h"\n',
                                  "base/CMakeLists.txt": "ebb_room(base DEPS units)\n"})

    def test_an_unknown_room(self):
        self.caught("its layer is not known", **{"misc/CMakeLists.txt": "ebb_room(misc)\n"})

    def test_cli11_outside_of_the_parser(self):
        self.caught("CLI11", **{"plan/cost.cc": "#include <CLI/App.hpp>\n"})

    def test_a_clock_outside_of_time(self):
        for call in ("std::chrono::steady_clock::now()", "std::this_thread::sleep_for(d)", "usleep(3)", "std::time(nullptr)",
                     "sleep(1)"):
            self.caught("asks for the time", **{"plan/cost.cc": f"auto x = {call};\n"})

    def test_heavy_headers_in_a_header(self):
        for header in ("fmt/format.h", "date/tz.h"):
            self.caught("stays out of headers", **{"plan/cost.h": f"#include <{header}>\n"})


if __name__ == "__main__":
    unittest.main(verbosity=2)
