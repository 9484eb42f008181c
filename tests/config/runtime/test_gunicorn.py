"""The configuration of gunicorn, as its first process runs it."""

import subprocess
import sys

FROZEN = """
import gc, runpy
settings = runpy.run_path("config/runtime/gunicorn.py")
before = gc.get_freeze_count()
settings["when_ready"](None)
print(settings["preload_app"], before, gc.get_freeze_count() > 1_000)
"""


def test_what_is_loaded_before_the_fork_is_left_out_of_garbage_collection() -> None:
    ran = subprocess.run([sys.executable, "-c", FROZEN], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["True", "0", "True"]
