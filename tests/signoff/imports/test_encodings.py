"""Which encoding a file is in, by its bytes: accents stand alone, Chinese comes in pairs."""

import pytest

from signoff.imports.files.encodings import detect_encoding
from signoff.imports.files.sniff import UnreadableFile

LATIN = (
    "Größe: Übergröße, süß, weiß, ÄÖÜ äöü ß",
    "déjà vu à l'été, reçu créée, où ça, Noël, œuvre",
    "não são informações, avião, coração, você, às",
    "Año, señor, ¿qué?, ¡olé!, corazón",
    "Smørrebrød på bordet, Ærø, Åse",
    "£ 5 – “quoted” – 10 € ½",
)
CHINESE = (
    "杯",
    "张某某",
    "保温杯 500ml，红色",
    "order,Größe not here,收货人：王小明（先生）",
    "訂單編號,買家,繁體字",
    "￥１２．５０",
)


def detected_encoding(text: str, encoding: str) -> str:
    raw = text.encode(encoding)
    return raw.decode(detect_encoding(lambda: iter([raw[:7], raw[7:]]))[0])


@pytest.mark.parametrize("text", LATIN)
def test_latin_text_is_not_taken_for_chinese(text: str) -> None:
    assert [detected_encoding(text, encoding) for encoding in ("cp1252", "utf-8", "utf-8-sig", "utf-16")] == [text] * 4


@pytest.mark.parametrize("text", [text.replace("ö", "o").replace("ß", "s") for text in CHINESE])
def test_chinese_text_is_not_taken_for_latin(text: str) -> None:
    assert [detected_encoding(text, encoding) for encoding in ("gbk", "gb18030", "utf-8", "utf-16")] == [text] * 4


def test_characters_that_lie_across_two_blocks_are_read() -> None:
    raw = "保温杯,".encode("gb18030") * 1000
    for cut in range(8):
        assert detect_encoding(lambda cut=cut: iter([raw[:cut], raw[cut:]]))[:2] == ("gb18030", 1)


@pytest.mark.parametrize(("raw", "lines"), [(b"a\nb\n", 2), (b"a\nb", 2), (b"a", 1), (b"\xe9\n", 1)])
def test_lines_are_counted(raw: bytes, lines: int) -> None:
    assert detect_encoding(lambda: iter([raw]))[1] == lines


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(UnreadableFile, match="The file is not in UTF-8, GB 18030 or Windows-1252"):
        detect_encoding(lambda: iter([b"\x81\x81\x81\xff\x8d"]))
