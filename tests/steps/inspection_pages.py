"""What an inspector does on the pages, and what the return slip shows to a scanner."""

import io
import subprocess
from pathlib import Path

import zxingcpp
from PIL import Image
from playwright.sync_api import Page

from tests.steps.shopper_pages import heading


def scan(page: Page, code: str) -> None:
    """Scan or type a number; one hit opens its page."""
    page.goto("/desk/bench/")
    page.get_by_label("Number", exact=True).fill(code)
    page.get_by_role("button", name="Find").click()


def receive(page: Page, number: str, *, counted: dict[str, int], picture: Path, remarks: str = "") -> None:
    """Count what is in the parcel, photograph it."""
    heading(page, f"Receive {number}")
    for title, count in counted.items():
        page.get_by_label(title).fill(str(count))
    page.get_by_label("Remarks").fill(remarks)
    page.get_by_label("Photos of the parcel's outside").set_input_files(picture)
    page.get_by_role("button", name="Confirm receipt").click()


def conclude(page: Page, number: str, *, verdict: str, disposition: str, picture: Path, words: str = "") -> None:
    """Give the same verdict for every line, with a photo of each."""
    heading(page, f"Inspect {number}")
    for card in page.locator("form.bench .card").all():
        card.get_by_role("radio", name=verdict, exact=True).check()
        card.get_by_role("radio", name=disposition, exact=True).check()
        card.get_by_label("Notes for the desk and the shopper").fill(words)
        card.get_by_label("Photos", exact=True).set_input_files(picture)
    page.get_by_role("button", name="Submit verdict").click()
    heading(page, number)


def text_of(pdf: bytes) -> str:
    return subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()


def code_of(pdf: bytes) -> str:
    """What a scanner reads from the printed slip."""
    png = subprocess.run(["pdftoppm", "-png", "-r", "110"], input=pdf, capture_output=True, check=True).stdout
    [found] = zxingcpp.read_barcodes(Image.open(io.BytesIO(png)))
    return found.text
