"""Runs a command in a terminal of its own and prints what appears there.

usage: terminal.py [--ctrl-c-at TEXT]... -- COMMAND...
Presses Ctrl-C when a text appears; the next text is looked for after that.
"""

import os
import pty
import struct
import fcntl
import sys
import termios

split = sys.argv.index("--")
moments = [word.encode() for word in sys.argv[1:split] if word != "--ctrl-c-at"]
command = sys.argv[split + 1 :]

child, terminal = pty.fork()
if child == 0:
    os.execvp(command[0], command)

fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 140, 0, 0))
seen = b""
while True:
    try:
        chunk = os.read(terminal, 65536)
    except OSError:  # Linux's way of saying that the other end is closed
        break
    if not chunk:
        break
    seen += chunk
    sys.stdout.buffer.write(chunk)
    if moments and moments[0] in seen:
        moments.pop(0)
        seen = b""
        os.write(terminal, b"\x03")

_, status = os.waitpid(child, 0)
sys.exit(os.waitstatus_to_exitcode(status) % 256)
