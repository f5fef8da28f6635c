"""What the window holds in memory after work, beside windows that do nothing. Needs Xvfb and python3-xlib.

    memory.py PROGRAM NAME=COMMAND...

PROGRAM is driven by keyboard and pointer as a person would: idle; after a conversation of 1 MB is opened and
scrolled through; after alt text for 2,000 images. The other commands are only started. Memory is
proportional (PSS), over all processes, once the processor has been quiet for two seconds.
"""
import json
import shlex
import signal
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path

from Xlib import XK, X
from Xlib.ext import xtest

import start

IMAGES, SIZE = 2_000, (600, 400)
TURNS = 1_000
QUIET_SHARE, QUIET_SECONDS = 0.03, 2
DEADLINE = 300


class Hands:
    """Types and clicks on a screen."""

    def __init__(self, connection):
        self.connection = connection

    def key(self, combination):
        codes = [self.connection.keysym_to_keycode(XK.string_to_keysym(name)) for name in combination.split("+")]
        for code in codes:
            xtest.fake_input(self.connection, X.KeyPress, code)
        for code in reversed(codes):
            xtest.fake_input(self.connection, X.KeyRelease, code)
        self.connection.sync()
        time.sleep(0.05)

    def type(self, text):
        for letter in text:
            self.key({" ": "space"}.get(letter, letter))
        time.sleep(0.5)

    def run(self, action):
        """What the command palette finds by these words."""
        self.key("Control_L+k")
        time.sleep(0.5)
        self.type(action)
        self.key("Return")
        time.sleep(0.5)

    def click(self, x, y):
        xtest.fake_input(self.connection, X.MotionNotify, x=x, y=y)
        self.connection.sync()
        time.sleep(0.3)
        for kind in (X.ButtonPress, X.ButtonRelease):
            xtest.fake_input(self.connection, kind, 1)
            self.connection.sync()
            time.sleep(0.1)

    def scroll(self, notches):
        for _ in range(notches):
            for kind in (X.ButtonPress, X.ButtonRelease):
                xtest.fake_input(self.connection, kind, 4)
            self.connection.sync()
            time.sleep(0.02)


def held(command, work=lambda hands: None, picture=None):
    """Megabytes, once that was done and all is quiet."""
    server, name, connection = start.screen()
    try:
        program = subprocess.Popen(
            command, env=start.environment(name), start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        root = connection.screen().root
        began = time.perf_counter()
        while not start.is_drawn(root):
            if time.perf_counter() - began > DEADLINE or program.poll() is not None:
                raise SystemExit(f"nothing was drawn by {command}")
            time.sleep(0.05)
        xtest.fake_input(connection, X.MotionNotify, x=640, y=300)
        quiet(program.pid)
        work(Hands(connection))
        quiet(program.pid)
        if picture:
            image = root.get_image(0, 0, start.WIDTH, start.HEIGHT, X.ZPixmap, 0xFFFFFFFF)
            write_png(picture, start.WIDTH, start.HEIGHT, rgb(image.data))
        return start.memory(program.pid)
    finally:
        import os
        os.killpg(program.pid, signal.SIGKILL)
        program.wait()
        connection.close()
        server.terminate()
        server.wait()


def quiet(group):
    began = time.perf_counter()
    while time.perf_counter() - began < DEADLINE:
        before = start.processor(group)
        time.sleep(QUIET_SECONDS)
        if (start.processor(group) - before) / QUIET_SECONDS < QUIET_SHARE:
            return
    raise SystemExit("the program did not become quiet")
