"""Starts windows on a screen of their own, in turn, and measures until something is drawn, then memory and
processor while nothing happens. Needs Xvfb and python3-xlib.

    start.py [--rounds N] [--cold] NAME=COMMAND...

"Drawn" is the first moment at which the middle of the screen has 16 colours: letters are there, not only a
background. `{dir}` in a command is a folder that is kept from round to round; the first round, which makes
it, does not count. Memory is proportional (PSS) and over all processes of a program.
"""
import argparse
import contextlib
import os
import shlex
import signal
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from Xlib import X, display

WIDTH, HEIGHT = 1280, 800
BAND = (240, 200, 800, 400)
COLOURS = 16
DEADLINE = 60
SETTLE, IDLE = 4, 5
TICKS = os.sysconf("SC_CLK_TCK")


def screen():
    """A screen without anything on it, and a connection to it."""
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-nolisten", "tcp"],
        pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    os.close(write)
    number = os.read(read, 16).decode().strip()
    return server, f":{number}", display.Display(f":{number}")


def is_drawn(root):
    image = root.get_image(*BAND, X.ZPixmap, 0xFFFFFFFF)
    return len(set(memoryview(image.data).cast("I"))) >= COLOURS


def family(group):
    """Every process of a session."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if os.getsid(int(entry.name)) == group:
                    yield entry
            except OSError:
                pass


def memory(group):
    total = 0
    for process in family(group):
        try:
            for line in (process / "smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
        except OSError:
            pass
    return total / 1000


def processor(group):
    total = 0
    for process in family(group):
        try:
            fields = (process / "stat").read_text().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
        except OSError:
            pass
    return total / TICKS


def environment(name):
    """What a program is started with to appear on this screen."""
    variables = {**os.environ, "DISPLAY": name}
    variables.pop("WAYLAND_DISPLAY", None)
    return variables


@contextlib.contextmanager
def started(command, cold=False):
    """A program that has drawn itself on a screen of its own, the connection to that, and the seconds it took."""
    server, name, connection = screen()
    program = None
    try:
        if cold:
            os.sync()
            Path("/proc/sys/vm/drop_caches").write_text("3")
        root = connection.screen().root
        began = time.perf_counter()
        program = subprocess.Popen(
            command, env=environment(name), start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        while not is_drawn(root):
            if time.perf_counter() - began > DEADLINE or program.poll() is not None:
                raise SystemExit(f"nothing was drawn by {command}")
            time.sleep(0.002)
        yield program, connection, time.perf_counter() - began
    finally:
        if program and program.poll() is None:
            os.killpg(program.pid, signal.SIGKILL)
            program.wait()
        connection.close()
        server.terminate()
        server.wait()


def once(command, cold):
    with started(command, cold) as (program, _, drawn):
        spent = processor(program.pid)
        time.sleep(SETTLE)
        held, before = memory(program.pid), processor(program.pid)
        time.sleep(IDLE)
        idle = (processor(program.pid) - before) / IDLE
        return drawn, spent, held, idle


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--cold", action="store_true", help="empty the system's file cache before each start (root)")
    parser.add_argument("programs", nargs="+")
    options = parser.parse_args()
    programs = [program.split("=", 1) for program in options.programs]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        measured = {name: [] for name, _ in programs}
        for round_ in range(options.rounds + 1):
            for name, command in programs:
                own = Path(folder, name.replace(" ", "-"))
                own.mkdir(exist_ok=True)
                one = once(shlex.split(command.replace("{dir}", str(own))), options.cold)
                if round_:
                    measured[name].append(one)
    how = "cold" if options.cold else "warm"
    print(f"{options.rounds} starts each, {how}, in turn, medians")
    print(f"{'':<22} {'drawn after s':>13} {'processor s':>12} {'memory MB':>10} {'idle %':>7}")
    for name, runs in measured.items():
        drawn, spent, held, idle = (statistics.median(values) for values in zip(*runs))
        print(f"{name:<22} {drawn:>13.3f} {spent:>12.2f} {held:>10.0f} {idle * 100:>7.1f}")


if __name__ == "__main__":
    main()
