"""Fork server of the sandbox: everything imported, one forked child per picture under ``worker.confine``. No Django.

Started by ``client`` with one end of a socket as standard input. Each message is the path of a folder with a socket for
the answer. It ends when the socket is closed; children end by their own limits.
"""

import gc
import os
import signal
import socket
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from signoff.pictures.sandbox import worker

LONGEST_PATH = 4096


def preload() -> None:
    """Clean a picture of our own, so that lazy imports and tables are loaded before the first fork."""
    with TemporaryDirectory(prefix="homeward-rehearsal-") as name:
        Image.new("RGB", (64, 64), "peru").save(Path(name) / "original", "JPEG")
        worker.answer(Path(name))
    gc.collect()
    gc.freeze()  # so that forked children share the memory of these objects


def serve(channel: socket.socket) -> None:
    """Answer until the socket is closed."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        path, handles, _, _ = socket.recv_fds(channel, LONGEST_PATH, 1)
        if not handles:
            return
        with socket.socket(fileno=handles[0]) as reply:
            if os.fork() == 0:
                channel.close()
                work(Path(os.fsdecode(path)), reply)


def work(folder: Path, reply: socket.socket) -> None:
    """The life of a child. An exception ends it without an answer, which is a refusal."""
    worker.confine()
    reply.sendall(worker.answer(folder).encode())
    os._exit(0)


if __name__ == "__main__":
    worker.prepare()
    preload()
    with socket.socket(fileno=sys.stdin.fileno()) as channel:
        serve(channel)
