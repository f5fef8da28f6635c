"""What the window holds in memory after work, beside windows that do nothing. Needs Xvfb and python3-xlib.

    memory.py [--pictures FOLDER] PROGRAM NAME=COMMAND...

PROGRAM is driven by keyboard and pointer as a person would: idle; after a conversation of 1 MB was opened and
scrolled through; after alt text for 2,000 images. The other commands are only started. Memory is
proportional (PSS), over all processes of a program, once its processor has been quiet. `--pictures` keeps
what was on the screen at that moment.
"""
import argparse
import json
import shlex
import struct
import subprocess
import tempfile
import time
import zlib
from pathlib import Path

from Xlib import XK, X
from Xlib.ext import xtest

import start

IMAGES, SIZE = 2_000, (600, 400)
TURNS = 1_000
QUIET_SHARE, QUIET_SECONDS, QUIET_TIMES = 0.03, 2, 2
DEADLINE = 900
# Where these are in a window of this size.
FIRST_OF_HISTORY, ADD_THEM = (600, 230), (468, 424)


class Hands:
    """Types and clicks in the window of a screen that has one."""

    def __init__(self, connection):
        self.connection = connection
        # No window manager does it.
        windows = connection.screen().root.query_tree().children
        largest = max(windows, key=lambda window: window.get_geometry().width)
        largest.set_input_focus(X.RevertToParent, X.CurrentTime)
        connection.sync()
        time.sleep(0.5)

    def click(self, x, y):
        xtest.fake_input(self.connection, X.MotionNotify, x=x, y=y)
        self.connection.sync()
        time.sleep(0.5)
        for kind in (X.ButtonPress, X.ButtonRelease):
            xtest.fake_input(self.connection, kind, 1)
            self.connection.sync()
            time.sleep(0.1)
        time.sleep(1)

    def press(self, *names):
        codes = [self.connection.keysym_to_keycode(XK.string_to_keysym(name)) for name in names]
        for kind, order in ((X.KeyPress, codes), (X.KeyRelease, codes[::-1])):
            for code in order:
                xtest.fake_input(self.connection, kind, code)
        self.connection.sync()
        time.sleep(0.1)

    def scroll_up(self, notches):
        for _ in range(notches):
            for kind in (X.ButtonPress, X.ButtonRelease):
                xtest.fake_input(self.connection, kind, 4)
            self.connection.sync()
            time.sleep(0.01)

    def run(self, action):
        """What the command palette finds by these words."""
        self.press("Control_L", "k")
        time.sleep(1)
        for letter in action:
            self.press({" ": "space"}.get(letter, letter))
        time.sleep(1)
        self.press("Return")
        time.sleep(1)


def png(width, height, rows):
    """A picture of RGB rows."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    raw = b"".join(b"\0" + row for row in rows)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(raw, 1)) + chunk(b"IEND", b"")


def screenshot(root, path):
    data = root.get_image(0, 0, start.WIDTH, start.HEIGHT, X.ZPixmap, 0xFFFFFFFF).data
    stride = start.WIDTH * 4
    rows = []
    for at in range(0, len(data), stride):
        line, rgb = data[at:at + stride], bytearray(start.WIDTH * 3)
        rgb[0::3], rgb[1::3], rgb[2::3] = line[2::4], line[1::4], line[0::4]
        rows.append(bytes(rgb))
    path.write_bytes(png(start.WIDTH, start.HEIGHT, rows))


def wait_until_quiet(group):
    began, quiet = time.perf_counter(), 0
    while quiet < QUIET_TIMES:
        if time.perf_counter() - began > DEADLINE:
            raise SystemExit("the program did not become quiet")
        before = start.processor(group)
        time.sleep(QUIET_SECONDS)
        used = (start.processor(group) - before) / QUIET_SECONDS
        quiet = quiet + 1 if used < QUIET_SHARE else 0


def held(command, work=None, picture=None):
    """Megabytes, once that was done and all is quiet."""
    with start.started(command) as (program, connection, _):
        wait_until_quiet(program.pid)
        if work:
            work(Hands(connection))
            wait_until_quiet(program.pid)
        if picture:
            screenshot(connection.screen().root, picture)
        return start.memory(program.pid)


def conversation():
    """A thousand turns of a kilobyte."""
    def words(turn):
        text = f"## Part {turn}\n\n" + "".join(f"- **item {item}** of `part` {turn}\n" for item in range(4))
        text += "\n| a | b |\n|---|---|\n" + "".join(f"| {row} | {turn} |\n" for row in range(4)) + "\n"
        while len(text) < 1_000:
            text += "A sentence that says little and goes on for a while. "
        return text
    roles = ("user", "assistant")
    messages = [{"role": roles[turn % 2], "content": [{"text": words(turn)}]} for turn in range(TURNS)]
    return json.dumps({"modelId": "amazon.nova-lite-v1:0", "messages": messages})


def make_images(folder):
    width, height = SIZE
    folder.mkdir()
    for number in range(IMAGES):
        shade = bytes((number & 0xFF, number >> 8, 120))
        rows = [bytes((shade[0], shade[1], row & 0xFF)) * width for row in range(height)]
        (folder / f"picture{number:04}.png").write_bytes(png(width, height, rows))


def open_conversation(hands):
    hands.run("go to the history")
    hands.click(*FIRST_OF_HISTORY)
    time.sleep(2)
    hands.scroll_up(2_000)


def write_alt_text(hands):
    hands.click(*ADD_THEM)
    hands.run("every image that waits")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--pictures", type=Path)
    parser.add_argument("program")
    parser.add_argument("others", nargs="*")
    options = parser.parse_args()
    if options.pictures:
        options.pictures.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        folder = Path(folder)
        (folder / "conversation.json").write_text(conversation())
        make_images(folder / "images")
        common = ["--demo", "--speed", "0", "--data-dir", str(folder / "data")]
        subprocess.run(
            [options.program, "history", "import", str(folder / "conversation.json"), *common],
            check=True, stdout=subprocess.DEVNULL,
        )
        window = [options.program, *common]
        runs = [
            ("idle", window, None),
            ("after a conversation of 1 MB", window, open_conversation),
            (f"after {IMAGES:,} alt texts", [*window, str(folder / "images")], write_alt_text),
        ]
        for other in options.others:
            name, command = other.split("=", 1)
            runs.append((name, shlex.split(command.replace("{dir}", str(folder / "other"))), None))
        print(f"{'':<34} {'memory MB':>10}")
        for name, command, work in runs:
            picture = options.pictures and options.pictures / f"{name.replace(' ', '-')}.png"
            print(f"{name:<34} {held(command, work, picture):>10.0f}", flush=True)


if __name__ == "__main__":
    main()
