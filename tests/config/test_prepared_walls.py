"""Who may see compiled queries: the plumbing itself, query modules, and nobody else."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

APPS = ("config", "feedback", "inspection", "refunds", "returns", "signoff")
WALLED = "signoff.db.prepared"

#: files that may import it although they are no query modules, and why
ALLOWED = {
    "config/settings.py": "names the cursor class of every connection",
}


def sources() -> Iterator[Path]:
    for app in APPS:
        yield from (settings.BASE_DIR / app).rglob("*.py")


def is_free(path: str) -> bool:
    """Whether the file is plumbing or a query module."""
    return path.startswith("signoff/db/") or path.endswith("/queries.py") or path in ALLOWED


def imports_walled(source: str) -> bool:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            names = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        if any(name == WALLED or name.startswith(f"{WALLED}.") for name in names):
            return True
    return False


def trespassers() -> set[str]:
    paths = {path.relative_to(settings.BASE_DIR).as_posix(): path for path in sources()}
    return {name for name, path in paths.items() if not is_free(name) and imports_walled(path.read_text())}


def test_only_query_modules_import_compiled_queries() -> None:
    assert trespassers() == set()


def test_every_exception_is_needed() -> None:
    assert all(imports_walled((settings.BASE_DIR / name).read_text()) for name in ALLOWED)


def test_the_check_sees_each_way_to_import() -> None:
    for line in (
        "import signoff.db.prepared.compiled",
        "from signoff.db import prepared",
        "from signoff.db.prepared import batch",
        "from signoff.db.prepared.statements import allow_prepare",
        "def late():\n    from signoff.db.prepared.compiled import CompiledQuery",
    ):
        assert imports_walled(line), line
    assert not imports_walled("from signoff.db.preparedness import x\nfrom signoff.db import history")
