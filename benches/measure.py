"""Runs a command and says what it took. Used by the other scripts."""

import contextlib
import os
import statistics
import subprocess
import time


class Run:
    """CPU seconds (user and system, children too), wall seconds, MiB at the most, what it printed, how it ended."""

    def __init__(self, command, env=None, to=None):
        """With `to`, what it prints goes to that file; else it is kept in `output`."""
        start = time.perf_counter()
        with open(to, "wb") if to else contextlib.nullcontext(subprocess.PIPE) as out:
            process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL, env=env)
            self.output = b"" if to else process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.wall = time.perf_counter() - start
        self.cpu = usage.ru_utime + usage.ru_stime
        self.memory = usage.ru_maxrss / 1024
        self.code = process.returncode


def runs(command, times, warm=1, **more):
    for _ in range(warm):
        Run(command, **more)
    return [Run(command, **more) for _ in range(times)]


def median(some, what):
    return statistics.median(getattr(run, what) for run in some)


def load():
    return "load " + " ".join(f"{x:.1f}" for x in os.getloadavg()) + f" on {os.cpu_count()} cores"
