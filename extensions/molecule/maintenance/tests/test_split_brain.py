# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that were written on each brick alone are shown with their copies, and resolved by every policy."""

import pytest

FOLDER = "/mnt/shared/split"
#: With it, a client that meets copies without a noted time gives all of them the same one.
CTIME = "features.ctime"
#: Nothing may heal or refuse while the copies are made to differ.
APART = {
    "cluster.self-heal-daemon": "off",
    "cluster.data-self-heal": "off",
    "cluster.metadata-self-heal": "off",
    "cluster.entry-self-heal": "off",
    "cluster.quorum-type": "none",
    CTIME: "off",
}


def node_of(brick):
    return "node" + brick.partition(":")[0][-1]


def path_of(brick):
    return brick.partition(":")[2]


def kill(lab, brick):
    # In brackets, since the shell that looks has these words in its command line, too.
    lab.run(node_of(brick), f"pkill -f 'glusterf[s]d .*{path_of(brick)}'")


def start_all(lab):
    lab.gluster("volume start shared force")
    lab.wait_for(lambda: lab.gluster("volume status shared detail").count("Online               : Y") == 3, "bricks")


def write_on(lab, number, bricks):
    """Write while only one brick is there; what a name is made anew for is another file on each."""
    start_all(lab)
    for brick in bricks:
        if brick != bricks[number]:
            kill(lab, brick)
    texts = {"source": f"source-{number}", "latest": f"latest-{number}", "bigger": "x" * (100 * (number + 1))}
    command = " && ".join(f"echo {text} > {FOLDER}/{name}" for name, text in texts.items())
    lab.wait_for(lambda: lab.succeeds("client1", f"timeout 30 sh -c '{command}'"), f"writing on {bricks[number]}")
    lab.run("client1", f"echo notes-{number} > {FOLDER}/notes; sync")
    kill(lab, bricks[number])


@pytest.fixture(scope="module")
def bricks(lab):
    """The bricks of shared, whose copies of three files differ, and on which one name stands for three files."""
    lab.play("site").succeeded()
    bricks = lab.bricks("shared")
    lab.gluster("volume set shared " + " ".join(f"{name} {value}" for name, value in APART.items()))
    lab.run("client1", f"mkdir {FOLDER} && cd {FOLDER} && touch source latest bigger && sync")
    for number in range(3):
        write_on(lab, number, bricks)
    start_all(lab)
    for option in set(APART) - {CTIME}:
        lab.gluster(f"volume reset shared {option}")
    yield bricks
    lab.gluster(f"volume reset shared {CTIME}")


def listed(lab):
    return lab.gluster("volume heal shared info split-brain")


def resolutions(bricks):
    """The source of both is the second brick; the third one was written last, and has the biggest file."""
    return {
        "gluster_split_brain_files": [
            {"volume": "shared", "path": "/split/source", "policy": "source-brick", "source": bricks[1]},
            {"volume": "shared", "path": "/split/latest", "policy": "latest-mtime"},
            {"volume": "shared", "path": "/split/bigger", "policy": "bigger-file"},
            {"volume": "shared", "path": "/split/notes", "policy": "source-brick", "source": bricks[1]},
        ]
    }


def test_health_and_heal_name_the_playbook(lab, bricks):
    lab.play("health").refused("entries are in split-brain", "the playbook split_brain shows what is in split-brain")
    lab.play("heal").refused("the playbook split_brain shows and resolves them")


def test_the_copies_are_shown_and_nothing_is_changed(lab, bricks):
    before = listed(lab)
    said = lab.play("split_brain").without_change().words
    print(said[-6000:])
    for name in ("source", "latest", "bigger"):
        assert f"volume shared: /split/{name}" in said
    assert "volume shared: /split/notes, different files of one name" in said
    assert f"{bricks[2]}: file, 301 B," in said and f"{bricks[0]}: file, 101 B," in said
    assert "written last, biggest" in said
    assert listed(lab) == before


def test_what_can_not_be_is_refused_before_anything_is_resolved(lab, bricks):
    wrong = resolutions(bricks)
    wrong["gluster_split_brain_files"][0]["source"] = lab.bricks("archive")[0]
    lab.play("split_brain", wrong).refused("is no brick of the set that holds it; write one of")


def test_check_mode_resolves_nothing(lab, bricks):
    before = listed(lab)
    lab.play("split_brain", resolutions(bricks), "--check").succeeded()
    assert listed(lab) == before


def test_every_policy_resolves_and_all_is_healed_at_the_end(lab, bricks):
    lab.play("split_brain", resolutions(bricks)).succeeded()
    lab.run("client1", "echo 3 > /proc/sys/vm/drop_caches")
    texts = {name: lab.run("client1", f"cat {FOLDER}/{name}") for name in ("source", "latest", "bigger", "notes")}
    assert texts == {"source": "source-1", "latest": "latest-2", "bigger": "x" * 300, "notes": "notes-1"}
    for brick in bricks:
        assert lab.run(node_of(brick), f"cat {path_of(brick)}/split/notes") == "notes-1"
    lab.play("health").without_change()


def test_again_there_is_nothing_to_do(lab, bricks):
    run = lab.play("split_brain", resolutions(bricks)).without_change()
    assert "nothing is in split-brain" in run.words
    lab.play("site").without_change()
