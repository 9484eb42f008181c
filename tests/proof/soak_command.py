"""``python -m tests.proof.soak_command REFUNDS WORKERS KILLS CRASHES``: sets Django up, then soaks; prints JSON."""

import json
import os
import sys
import tempfile
from importlib import import_module
from pathlib import Path

import django
from django.core.management import call_command

from config.runtime import postgres
from tests.proof.provider import PORT
from tests.proof.provider.process import serving


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as port:
        os.environ[PORT] = str(port)
        django.setup()
        postgres.ensure()
        call_command("migrate", verbosity=0)
        soak = import_module("tests.proof.soak").soak
        provider = import_module("tests.proof.provider.gateway").Provider(port)
        print(json.dumps(soak(*map(int, sys.argv[1:]), provider)))  # noqa: T201


if __name__ == "__main__":
    main()
