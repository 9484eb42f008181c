"""Accepted formats, size limits, resource limits, and names of files. No Django here.

The format is decided by the first bytes alone: names and content types are chosen by the sender.
"""

import errno
import struct

MAX_BYTES = 15 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_FRAMES = 1_000
MAX_PAGES = 60  # of a PDF
MAX_SCANS = 20  # of a JPEG; programs write up to eleven

MEMORY = 512 * 1024 * 1024
CPU_SECONDS = 5
WALL_SECONDS = 30  # more than the CPU time: a busy machine gives a picture its share only
NICENESS = 19  # pages come first

#: a file with the first name beside the original asks for a picture with the second, too
LOGO_WANTED, LOGO = "logo-wanted", "logo.png"
#: the same for a PDF, which is written anew as the second
DOCUMENT_WANTED, DOCUMENT = "document-wanted", "document.pdf"

HEAD = 64
SIGNATURES = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG", b"GIF87a": "GIF", b"GIF89a": "GIF"}
HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
AVIF_BRANDS = {b"avif", b"avis"}

DISK_FULL = {errno.ENOSPC, errno.EDQUOT}

# All that Pillow, its plugins and struct are known to raise on bytes that are not what they say.
BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    RuntimeError,
    EOFError,
    struct.error,
)


def is_document(head: bytes) -> bool:
    """Whether ``head`` begins a PDF."""
    return head.startswith(b"%PDF-")


def kind_of(head: bytes) -> str:
    """Name of the picture format (as Pillow calls it) that ``head`` begins, "video", or "" for anything else."""
    for signature, kind in SIGNATURES.items():
        if head.startswith(signature):
            return kind
    if head[:4] == b"RIFF":
        return {b"WEBP": "WEBP", b"AVI ": "video"}.get(head[8:12], "")
    if head[4:8] == b"ftyp":
        return _kind_of_brands(head)
    return "video" if head.startswith(b"\x1a\x45\xdf\xa3") else ""


def _kind_of_brands(head: bytes) -> str:
    """AVIF, HEIF and MP4 share one container; its list of brands (4 bytes each) tells them apart."""
    end = min(int.from_bytes(head[:4]), len(head))
    brands = {head[8:12]} | {head[at : at + 4] for at in range(16, end, 4)}
    if brands & AVIF_BRANDS:
        return "AVIF"
    return "HEIF" if brands & HEIF_BRANDS else "video"
