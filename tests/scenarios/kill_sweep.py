#!/usr/bin/python3
"""Kills a sweep again and again, and says whether anything was lost.

    kill_sweep.py --program build/release/scenarios/superpod --sweep SWEEP.yaml --ranks 4 --kills 20

Runs the sweep once in peace, then once more with kills: of a rank (or of a worker, where there are no ranks) and of the whole
job in turn, after random times, going on with --resume each time. An outcome that was in the journal must stay; the results
file must open at all times; and the last bytes must be those of the run in peace. Exit code 0 when all of this holds.
"""

import argparse
import os
import pathlib
import random
import signal
import struct
import subprocess
import sys
import tempfile
import time

import h5py

FIRST_LINE = b"superpod sweep journal 1\n"


def fnv_1a(data):
    total = 0xCBF29CE484222325
    for byte in data:
        total = (total ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return total


def points_in(journal, sums=False):
    """The points that have an outcome in the journal."""
    data = journal.read_bytes() if journal.exists() else b""
    points, at = set(), len(FIRST_LINE)
    while data.startswith(FIRST_LINE) and at + 16 <= len(data):
        length, total = struct.unpack_from("<QQ", data, at)
        body = data[at + 16 : at + 16 + length]
        if len(body) < length or (sums and fnv_1a(body) != total):
            break
        if body[:1] == b"o":
            points.add(struct.unpack_from("<Q", body, 9)[0])
        at += 16 + length
    return points


def children(parent):
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1]) == parent:
                found.append(int(entry.name))
        except (OSError, IndexError):
            pass  # it has ended meanwhile
    return found


def descendants(parent):
    found = children(parent)
    for child in list(found):
        found += descendants(child)
    return found


def is_alive(process):
    try:
        return pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def kill(process):
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        pass


def readable(results):
    """`complete` of a results file; None when there is no file yet."""
    if not results.exists():
        return None
    with h5py.File(results, "r") as file:
        assert len(file["points/status"]) == file.attrs["points"]
        return file.attrs["complete"]


class Sweep:
    def __init__(self, options, output):
        launcher = []
        if options.ranks:
            launcher = ["mpirun", "--allow-run-as-root", "--oversubscribe", "--bind-to", "none", "-n", str(options.ranks)]
        self.command = launcher + [options.program, "sweep", options.sweep, "-o", str(output), "--quiet", "--resume"]
        if options.jobs:
            self.command += ["--jobs", str(options.jobs)]
        self.by_ranks = bool(options.ranks)

    def start(self):
        quiet = subprocess.DEVNULL
        return subprocess.Popen(self.command, stdout=quiet, stderr=quiet, stdin=quiet)

    def kill_part(self, running):
        """A rank; or a worker, whose point another one must take up."""
        parts = children(running.pid)
        if parts:
            kill(random.choice(parts))
        return bool(parts)

    def kill_all(self, running):
        """The launcher and all ranks, or the process that hands out the points: its workers die with it."""
        victims = [running.pid] + (children(running.pid) if self.by_ranks else [])
        for victim in victims:
            kill(victim)


def wait_for(processes, seconds=30):
    end = time.monotonic() + seconds
    while any(is_alive(process) for process in processes):
        assert time.monotonic() < end, "processes outlive the job: " + str([p for p in processes if is_alive(p)])
        time.sleep(0.01)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--sweep", required=True)
    parser.add_argument("--ranks", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=0)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shortest", type=float, default=0.0, help="seconds before a kill")
    parser.add_argument("--longest", type=float, default=0.0, help="seconds before a kill; a share of the run in peace unless given")
    options = parser.parse_args()
    random.seed(options.seed)

    with tempfile.TemporaryDirectory() as folder:
        peace, output = pathlib.Path(folder, "peace.h5"), pathlib.Path(folder, "kills.h5")
        journal = pathlib.Path(str(output) + ".journal")
        began = time.monotonic()
        assert Sweep(options, peace).start().wait() == 0, "the run in peace failed"
        alone = time.monotonic() - began
        assert readable(peace) == 1
        longest = options.longest or 1.5 * alone / (options.kills + 1)
        print(f"in peace: {alone:.1f} s")

        sweep, known, kills, starts = Sweep(options, output), set(), 0, 0
        while kills < options.kills and (not output.exists() or not readable(output)):
            running = sweep.start()
            starts += 1
            time.sleep(random.uniform(options.shortest, longest))
            before = points_in(journal)
            family = [running.pid] + descendants(running.pid)
            if running.poll() is not None:
                assert running.returncode == 0, f"ended with {running.returncode}"
                break
            kills += 1
            part = kills % 2 == 1
            if part and sweep.kill_part(running) and not sweep.by_ranks:
                time.sleep(0.2)  # another worker takes its place, and the sweep goes on
                assert running.poll() in (None, 0), "a worker's death was the sweep's"
            elif not part:
                sweep.kill_all(running)
            if not sweep.by_ranks:
                sweep.kill_all(running)
            running.wait()
            wait_for(family)
            now = points_in(journal, sums=True)
            complete = readable(output)
            if not (complete == 1 and not now):
                assert before <= now and known <= now, f"lost: {sorted((before | known) - now)[:10]}"
            known = now
            print(f"kill {kills} ({'a part' if part else 'the job'}): {len(now)} points kept, complete {complete}", flush=True)
        final = sweep.start()
        assert final.wait() == 0, "the last run failed"
        assert not journal.exists(), "a journal is left"
        assert not list(pathlib.Path(folder).glob("*.part")), "parts of files are left"
        with h5py.File(output, "r") as file:
            assert (file["points/status"].asstr()[:] != "failed").all(), "points have failed"
        assert output.read_bytes() == peace.read_bytes(), "other bytes than in peace"
        print(f"{kills} kills, {starts + 1} starts: nothing lost, same bytes")


if __name__ == "__main__":
    try:
        main()
    except AssertionError as wrong:
        sys.exit(f"kill_sweep: {wrong}")
