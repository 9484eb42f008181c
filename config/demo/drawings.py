"""Pictures of the demo, drawn from a few shapes: SVG of articles, JPEG for evidence, PNG for the shops' logos.

A drawing is a list of shapes on a canvas of 400 × 300: ("ellipse", left, top, right, bottom, colour),
("rect", left, top, right, bottom, radius, colour), ("shape", [x, y, …], colour), ("line", [x, y, …], width, colour).
"""

import io
import random
from collections.abc import Sequence
from functools import cache
from math import cos, radians, sin
from typing import Any

from PIL import Image, ImageDraw, ImageFilter

Shape = tuple[Any, ...]
SIZE = (400, 300)
INK = "#2b2f3a"


def _arc(x: int, y: int, radius: int, start: int, end: int) -> list[int]:
    """Points on a circle from one angle to another in degrees, clockwise from the right."""
    angles = [radians(start + (end - start) * step / 40) for step in range(41)]
    return [round(value) for angle in angles for value in (x + radius * cos(angle), y + radius * sin(angle))]


DRAWINGS: dict[str, tuple[str, list[Shape]]] = {
    "lantern": (
        "#f6d9a8",
        [
            ("line", [200, 20, 200, 60], 4, INK),
            ("rect", 165, 56, 235, 70, 6, INK),
            ("ellipse", 115, 66, 285, 250, "#e4572e"),
            ("line", [150, 84, 150, 232], 3, "#b53d1b"),
            ("line", [200, 68, 200, 248], 3, "#b53d1b"),
            ("line", [250, 84, 250, 232], 3, "#b53d1b"),
            ("rect", 165, 246, 235, 260, 6, INK),
        ],
    ),
    "kettle": (
        "#cfe3e8",
        [
            ("shape", [130, 240, 270, 240, 245, 100, 155, 100], "#3b6e78"),
            ("shape", [262, 170, 330, 110, 340, 122, 270, 205], "#3b6e78"),
            ("line", [145, 112, 92, 130, 92, 200, 136, 218], 14, INK),
            ("rect", 150, 84, 250, 102, 8, INK),
            ("ellipse", 188, 62, 212, 86, INK),
        ],
    ),
    "mug": (
        "#e8dccb",
        [
            ("rect", 120, 90, 250, 240, 18, "#7a9e7e"),
            ("line", [250, 120, 300, 124, 304, 190, 250, 204], 16, "#7a9e7e"),
            ("ellipse", 120, 76, 250, 106, "#5e7f62"),
            ("ellipse", 132, 82, 238, 100, "#3d2b1f"),
        ],
    ),
    "blanket": (
        "#e9e4f0",
        [
            ("rect", 90, 80, 310, 240, 14, "#8d7fb0"),
            ("rect", 90, 110, 310, 128, 0, "#f2eef8"),
            ("rect", 90, 150, 310, 168, 0, "#f2eef8"),
            ("rect", 90, 190, 310, 208, 0, "#f2eef8"),
            ("line", [100, 240, 100, 258, 130, 240, 130, 258, 160, 240, 160, 258], 4, "#8d7fb0"),
            ("line", [240, 240, 240, 258, 270, 240, 270, 258, 300, 240, 300, 258], 4, "#8d7fb0"),
        ],
    ),
    "headphones": (
        "#8fc77e",
        [
            ("line", [110, 200, 112, 130, 150, 76, 200, 62, 250, 76, 288, 130, 290, 200], 18, INK),
            ("rect", 88, 170, 138, 250, 18, INK),
            ("rect", 262, 170, 312, 250, 18, INK),
        ],
    ),
    "rice_cooker": (
        "#f3e0df",
        [
            ("rect", 105, 130, 295, 250, 40, "#fbfbfb"),
            ("ellipse", 105, 80, 295, 180, "#dfe3e8"),
            ("rect", 170, 74, 230, 92, 8, INK),
            ("rect", 160, 190, 240, 226, 8, INK),
            ("ellipse", 172, 200, 190, 218, "#e4572e"),
            ("line", [200, 209, 230, 209], 5, "#9aa3b2"),
        ],
    ),
    "grinder": (
        "#e7d7c9",
        [
            ("shape", [150, 70, 250, 70, 232, 130, 168, 130], "#9b6b43"),
            ("rect", 150, 130, 250, 250, 10, "#4a3b31"),
            ("line", [200, 70, 200, 44, 280, 44], 8, INK),
            ("ellipse", 270, 34, 292, 56, "#9b6b43"),
            ("rect", 172, 196, 228, 236, 6, "#9b6b43"),
        ],
    ),
    "lamp": (
        "#d9e6f7",
        [
            ("shape", [140, 150, 260, 150, 230, 70, 170, 70], "#f2b134"),
            ("line", [200, 150, 200, 236], 8, INK),
            ("rect", 150, 234, 250, 252, 9, INK),
        ],
    ),
    "backpack": (
        "#d7e8df",
        [
            ("line", [165, 90, 170, 56, 230, 56, 235, 90], 10, "#1f5f4a"),
            ("rect", 120, 84, 280, 256, 34, "#2e8b6d"),
            ("rect", 145, 168, 255, 240, 14, "#1f5f4a"),
            ("line", [160, 190, 240, 190], 5, "#d7e8df"),
            ("rect", 150, 110, 250, 128, 8, "#1f5f4a"),
        ],
    ),
    "shoes": (
        "#f0e3d2",
        [
            ("shape", [80, 220, 90, 130, 140, 130, 180, 175, 300, 190, 325, 232, 80, 232], "#c44536"),
            ("rect", 76, 228, 330, 250, 10, "#fdfdfd"),
            ("line", [145, 140, 168, 128], 5, "#fdfdfd"),
            ("line", [162, 158, 186, 144], 5, "#fdfdfd"),
            ("line", [180, 174, 206, 160], 5, "#fdfdfd"),
        ],
    ),
    "watch": (
        "#dfe1f4",
        [
            ("rect", 168, 30, 232, 270, 16, "#3a3f63"),
            ("ellipse", 125, 75, 275, 225, INK),
            ("ellipse", 138, 88, 262, 212, "#f5f6ff"),
            ("line", [200, 150, 200, 108], 6, INK),
            ("line", [200, 150, 236, 164], 6, "#e4572e"),
        ],
    ),
    "plant": (
        "#f4ead6",
        [
            ("line", [200, 190, 200, 80], 6, "#3f7d3a"),
            ("ellipse", 140, 90, 198, 130, "#56a04d"),
            ("ellipse", 202, 70, 264, 112, "#56a04d"),
            ("ellipse", 148, 136, 198, 170, "#6fba63"),
            ("ellipse", 202, 122, 256, 160, "#6fba63"),
            ("shape", [145, 185, 255, 185, 238, 256, 162, 256], "#c8744a"),
        ],
    ),
    "teapot": (
        "#dcebe6",
        [
            ("ellipse", 120, 100, 270, 240, "#b7d3c8"),
            ("shape", [262, 160, 325, 118, 332, 132, 268, 205], "#b7d3c8"),
            ("line", [128, 140, 84, 140, 84, 200, 130, 208], 12, "#8bb3a3"),
            ("ellipse", 160, 92, 230, 116, "#8bb3a3"),
            ("ellipse", 186, 74, 204, 94, "#8bb3a3"),
            ("line", [150, 180, 180, 160, 210, 186, 240, 164], 4, "#4d7f6d"),
        ],
    ),
    "keyboard": (
        "#e2e6ee",
        [
            ("rect", 60, 110, 340, 220, 14, "#3c4557"),
            *[
                ("rect", 76 + 26 * x, 124 + 28 * y, 96 + 26 * x, 146 + 28 * y, 4, "#eef1f6")
                for y in range(3)
                for x in range(10)
            ],
        ],
    ),
    "umbrella": (
        "#d8e9f5",
        [
            ("shape", [70, 150, 100, 96, 150, 66, 200, 56, 250, 66, 300, 96, 330, 150], "#2d6fb7"),
            ("line", [200, 56, 200, 240, 190, 254, 172, 250, 166, 236], 7, INK),
            ("line", [135, 150, 160, 70], 3, "#1d4f87"),
            ("line", [265, 150, 240, 70], 3, "#1d4f87"),
        ],
    ),
    "pan": (
        "#f0e2e2",
        [
            ("ellipse", 70, 90, 270, 240, INK),
            ("ellipse", 88, 104, 252, 226, "#4b5161"),
            ("rect", 258, 152, 372, 176, 12, "#9b6b43"),
        ],
    ),
}


#: the parcel's outside; it is photographed, but is no article
BOX: list[Shape] = [
    ("rect", 80, 80, 320, 250, 6, "#b98d5e"),
    ("rect", 80, 80, 320, 112, 6, "#a67a4c"),
    ("rect", 188, 80, 212, 250, 0, "#d9bf8f"),
    ("rect", 232, 176, 302, 228, 3, "#fbfaf6"),
    ("line", [240, 188, 292, 188], 4, INK),
    ("line", [240, 200, 280, 200], 3, INK),
    ("line", [240, 212, 290, 212], 3, INK),
]


CREAM, TEAL, CLAY, PINE, OAK = "#f4ede1", "#0b5563", "#cf683c", "#2f5d46", "#b87538"

#: on a canvas of 256 × 256: a kettle in the door of a kiln, a wild goose over a roof
LOGOS: dict[str, list[Shape]] = {
    "kiln-and-kettle": [
        ("line", [46, 220, 46, 118, *_arc(128, 118, 82, 180, 360), 210, 118, 210, 220], 14, TEAL),
        ("line", [92, 156, 70, 150, 74, 186, 96, 190], 11, TEAL),
        ("shape", [158, 176, 188, 136, 200, 146, 166, 206], TEAL),
        ("shape", [100, 134, 158, 134, 172, 214, 86, 214], TEAL),
        ("rect", 94, 114, 164, 126, 6, CLAY),
        ("ellipse", 119, 92, 139, 112, CLAY),
    ],
    "guiyan": [
        ("line", [48, 208, 48, 168, 128, 132, 208, 168, 208, 208], 15, OAK),
        ("shape", [*_arc(84, 150, 62, 205, 335), *_arc(92, 176, 70, 320, 240)], PINE),
        ("shape", [*_arc(178, 146, 62, 335, 205), *_arc(170, 176, 74, 235, 305)], PINE),
        ("shape", [116, 122, 122, 88, 148, 52, 176, 40, 164, 62, 148, 92, 140, 126, 128, 136], PINE),
    ],
}


def logo(slug: str) -> bytes:
    """The logo of a demo shop: a square PNG of 256 pixels, as an uploaded one is stored."""
    scale = 4  # drawn larger and reduced, which smooths the edges
    picture = Image.new("RGB", (256 * scale, 256 * scale), CREAM)
    draw = ImageDraw.Draw(picture)
    for shape in LOGOS[slug]:
        _paint(draw, shape, scale)
    out = io.BytesIO()
    picture.resize((256, 256), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()


def svg(name: str) -> str:
    """The drawing as a complete SVG file."""
    background, shapes = DRAWINGS[name]
    body = "".join(_svg(shape) for shape in shapes)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300">'
        f'<rect width="400" height="300" fill="{background}"/>{body}</svg>\n'
    )


def photo(name: str, *, damage: str, rng: random.Random) -> bytes:
    """A JPEG as if somebody had photographed the article, or the "box" it came in, at home.

    ``damage`` is crack, stain, dent or none.
    """
    scale = 3
    picture = Image.new("RGB", (SIZE[0] * scale, SIZE[1] * scale), _table(rng))
    draw = ImageDraw.Draw(picture)
    for y in range(0, picture.height, 90):
        draw.line([(0, y + rng.randint(-8, 8)), (picture.width, y + rng.randint(-8, 8))], fill=_table(rng), width=3)
    for shape in BOX if name == "box" else DRAWINGS[name][1]:
        _paint(draw, shape, scale)
    _damage(draw, damage, rng, scale)
    numbers = rng.getstate()[1]  # read, not drawn from: the rest of the demo stays as it is
    light = _light(random.Random(repr((numbers[:8], numbers[-1]))), picture.size)
    picture = Image.blend(picture.rotate(rng.uniform(-6, 6), fillcolor=_table(rng)), _noise(picture.size), 0.08)
    picture = Image.blend(picture, light, 0.4)
    out = io.BytesIO()
    picture.filter(ImageFilter.GaussianBlur(1.2)).save(out, "JPEG", quality=82)
    return out.getvalue()


def _light(rng: random.Random, size: tuple[int, int]) -> Image.Image:
    """Windows and shadows of a room, another for each photo, so that no two photos look alike by chance."""
    spots = Image.new("L", (5, 4))
    spots.putdata([rng.randrange(256) for _spot in range(20)])
    return spots.resize(size, Image.Resampling.BICUBIC).convert("RGB")


@cache
def _noise(size: tuple[int, int]) -> Image.Image:
    """Noise of a camera sensor; cached, because it takes as long as the rest of the photo."""
    return Image.effect_noise(size, 28).convert("RGB")


def _svg(shape: Shape) -> str:
    kind = shape[0]
    if kind == "ellipse":
        _kind, left, top, right, bottom, colour = shape
        return (
            f'<ellipse cx="{(left + right) / 2:g}" cy="{(top + bottom) / 2:g}" rx="{(right - left) / 2:g}" '
            f'ry="{(bottom - top) / 2:g}" fill="{colour}"/>'
        )
    if kind == "rect":
        _kind, left, top, right, bottom, radius, colour = shape
        return (
            f'<rect x="{left}" y="{top}" width="{right - left}" height="{bottom - top}" rx="{radius}" fill="{colour}"/>'
        )
    points = " ".join(f"{x},{y}" for x, y in _pairs(shape[1]))
    if kind == "shape":
        return f'<polygon points="{points}" fill="{shape[2]}"/>'
    return (
        f'<polyline points="{points}" fill="none" stroke="{shape[3]}" stroke-width="{shape[2]}" '
        'stroke-linecap="round" stroke-linejoin="round"/>'
    )


def _paint(draw: ImageDraw.ImageDraw, shape: Shape, scale: int) -> None:
    kind = shape[0]
    if kind in ("ellipse", "rect"):
        box = [edge * scale for edge in shape[1:5]]
        if kind == "ellipse":
            draw.ellipse(box, fill=shape[5])
        else:
            draw.rounded_rectangle(box, radius=shape[5] * scale, fill=shape[6])
        return
    points = [(x * scale, y * scale) for x, y in _pairs(shape[1])]
    if kind == "shape":
        draw.polygon(points, fill=shape[2])
    else:
        draw.line(points, fill=shape[3], width=shape[2] * scale, joint="curve")


def _damage(draw: ImageDraw.ImageDraw, damage: str, rng: random.Random, scale: int) -> None:
    x, y = rng.randint(150, 250) * scale, rng.randint(110, 200) * scale
    if damage == "crack":
        points = [(x, y)]
        for _step in range(6):
            points.append((points[-1][0] + rng.randint(8, 60), points[-1][1] + rng.randint(-50, 60)))
        draw.line(points, fill="#111318", width=7)
        draw.line([(px + 3, py + 4) for px, py in points[1:4]], fill="#f4f4f4", width=3)
    elif damage == "stain":
        for _drop in range(5):
            dx, dy, size = rng.randint(-80, 80), rng.randint(-60, 60), rng.randint(20, 70)
            draw.ellipse([x + dx, y + dy, x + dx + size, y + dy + size * 0.7], fill="#5a3d22")
    elif damage == "dent":
        draw.ellipse([x, y, x + 120, y + 80], fill="#20242e")
        draw.ellipse([x + 14, y + 12, x + 110, y + 76], fill="#8c93a3")


def _table(rng: random.Random) -> tuple[int, int, int]:
    shade = rng.randint(0, 14)
    return (176 + shade, 152 + shade, 124 + shade)


def _pairs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    return list(zip(numbers[::2], numbers[1::2], strict=True))
