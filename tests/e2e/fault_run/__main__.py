#!/usr/bin/env python
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random events on a random cluster of real machines, each with a fault at a random moment of its playbook.

    .venv/bin/python tests/e2e/fault_run --seed 7 --rounds 3

A round: something happens (a disk is lost, a volume shall grow, a node is retired, ...), its playbook runs, and in the
middle of that the controller is killed, or a node's power is cut, or the like. When that is mended, the same playbook
must end well. At the end of the round health finds nothing, site has nothing more to say, all that a client's writes
were acknowledged for is there, and all copies are the same. A seed repeats a run, as far as machines repeat a moment.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import random
import signal
import sys
import tempfile

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1])]
import yaml  # noqa: E402
from machines import Machines  # noqa: E402

from fault_run import clusters, events, faults  # noqa: E402
from fault_run.rounds import Failed, Rounds  # noqa: E402


def main() -> None:
    """Run the rounds of one seed; exit code 1 and the story of the round that failed."""
    given = _arguments()
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(143))
    name = f"faults-{given.seed}"
    folder = given.folder or pathlib.Path(tempfile.mkdtemp(prefix=f"{name}-"))
    folder.mkdir(exist_ok=True)
    chance = random.Random(given.seed)
    cluster = clusters.draw(chance)
    spec = folder / "spec.yml"
    spec.write_text(yaml.safe_dump(cluster.spec(name), sort_keys=False))
    os.environ["LAB_INSTALLED"] = "yes"
    lab = Machines(name, spec, folder / "hosts.yml")
    print(f"seed {given.seed}: zones {cluster.zones}, volumes {cluster.volumes}", flush=True)
    print(f"all that the playbooks say: {folder}", flush=True)
    try:
        lab.power("up")
        _run(Rounds(lab, cluster, chance, folder), given)
    except (Failed, AssertionError) as failed:
        sys.exit(f"seed {given.seed}: {failed}")
    finally:
        if not given.keep:
            lab.power("down")


def _run(rounds: Rounds, given: argparse.Namespace) -> None:
    rounds.begin()
    for number in range(1, given.rounds + 1):
        print(f"round {number}: ", end="")
        for line in rounds.one(given.event, given.fault):
            print(line, flush=True)
    print(f"seed {given.seed}: {given.rounds} rounds ended well")


def _arguments() -> argparse.Namespace:
    made = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    made.add_argument("--seed", type=int, required=True, help="which run; the same seed is the same run")
    made.add_argument("--rounds", type=int, default=1, help="how many events one after the other")
    made.add_argument("--event", choices=list(events.EVENTS), default="", help="only this event")
    made.add_argument("--fault", choices=list(faults.KINDS), default="", help="only this fault")
    made.add_argument("--folder", type=pathlib.Path, help="for the inventory and what the playbooks say")
    made.add_argument("--keep", action="store_true", help="leave the machines, to look at what failed")
    return made.parse_args()


if __name__ == "__main__":
    main()
