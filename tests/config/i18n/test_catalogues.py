"""Whether the code's texts are all in the catalogues is a step of ``make test`` of its own (it needs gettext)."""

import os
import shutil
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import polib
import pytest
from django.conf import LazySettings, settings
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext, ngettext, override

from config.i18n.catalogues import catalogues, compile_stale, find_errors
from config.management.commands.check_catalogues import NOT_COPIED
from config.management.commands.makemessages import rewrite

SIMPLIFIED, TRADITIONAL = (
    Path(settings.BASE_DIR) / "config" / "locale" / name / "LC_MESSAGES" / "django.po"
    for name in ("zh_Hans", "zh_Hant")
)
OPTIONS = ("--no-obsolete", "--no-wrap", "--add-location", "file")
ENTRY = """
#: a.html
msgid "{source}"
msgstr "{text}"
"""


def catalogue(folder: Path, **entry: str) -> Path:
    path = folder / "zh_Hans" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(ENTRY.format(**entry), encoding="utf-8")
    return path


def texts(path: Path) -> list[tuple[str, str]]:
    return [(entry.msgctxt or "", entry.msgid) for entry in polib.pofile(str(path))]


def test_both_kinds_of_chinese_have_a_catalogue() -> None:
    assert list(catalogues()) == [SIMPLIFIED, TRADITIONAL]


@pytest.mark.parametrize("path", [SIMPLIFIED, TRADITIONAL], ids=["simplified", "traditional"])
def test_every_text_is_translated_with_its_own_variables(path: Path) -> None:
    assert find_errors(path) == []


@pytest.mark.parametrize("path", [SIMPLIFIED, TRADITIONAL], ids=["simplified", "traditional"])
def test_nothing_old_is_kept(path: Path) -> None:
    assert polib.pofile(str(path)).obsolete_entries() == []


def test_both_catalogues_translate_the_same_texts() -> None:
    assert texts(SIMPLIFIED) == texts(TRADITIONAL)


@pytest.mark.parametrize(
    ("source", "text", "complete"),
    [
        ("Case %(number)s", "售后单 %(number)s", True),
        ("Case %(number)s", "", False),
        ("Case %(number)s", "售后单", False),
        ("Case", "售后单 %(number)s", False),
        ("%(a)s of %(b)s", "%(b)s 中的 %(a)s", True),
        ("<strong>%(a)s</strong> left", "剩 %(a)s", False),
        ("Now: <strong>%(a)s</strong>", "现有：<strong>%(a)s</strong>", True),
    ],
)
def test_a_gap_is_a_missing_text_or_a_lost_or_invented_variable(
    tmp_path: Path, source: str, text: str, complete: bool
) -> None:
    path = catalogue(tmp_path, source=source, text=text)
    assert find_errors(path) == ([] if complete else [f"zh_Hans: {source!r} (a.html)"])


def test_two_processes_compile_the_same_catalogue_at_once(
    tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = catalogue(tmp_path, source="Order", text="订单")
    settings.LOCALE_PATHS = [tmp_path]
    save = polib.POFile.save_as_mofile

    def save_beside_another(file: polib.POFile, draft: str) -> None:
        save(file, draft)
        monkeypatch.setattr(polib.POFile, "save_as_mofile", save)
        assert compile_stale() == 1

    monkeypatch.setattr(polib.POFile, "save_as_mofile", save_beside_another)
    assert compile_stale() == 1
    assert sorted(file.name for file in path.parent.iterdir()) == ["django.mo", "django.po"]
    assert (compile_stale(), polib.mofile(str(path.with_suffix(".mo")))[0].msgstr) == (0, "订单")


def test_the_page_speaks_the_chinese_that_was_chosen() -> None:
    with override("zh-hans"):
        simplified = gettext("Return slip")
    with override("zh-hant"):
        traditional = gettext("Return slip")
    assert (simplified, traditional) == ("退货单", "退貨單")


def test_chinese_needs_one_form_for_any_number() -> None:
    with override("zh-hans"):
        words = [ngettext("%(n)s earlier version", "%(n)s earlier versions", n) % {"n": n} for n in (1, 2)]
    assert words == ["1 个历史版本", "2 个历史版本"]


def test_english_dates_are_british_as_its_spelling_is() -> None:
    moment = datetime(2026, 9, 5, 14, 30)
    formats = ("DATE_FORMAT", "DATETIME_FORMAT", "SHORT_DATE_FORMAT", "MONTH_DAY_FORMAT")
    with override("en"):
        written = [date_format(moment, name) for name in formats]
    assert written == ["5 September 2026", "5 September 2026, 14:30", "5 Sep 2026", "5 Sep"]


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant"])
def test_chinese_dates_and_numbers_are_written_as_people_write_them(language: str) -> None:
    day = date(2026, 9, 5)
    with override(language):
        written = [date_format(day, "DATE_FORMAT"), date_format(day, "MONTH_DAY_FORMAT")]
        number = number_format(12345, use_l10n=True, force_grouping=True)
    assert (written, number) == (["2026年9月5日", "9月5日"], "12,345")


def test_collecting_the_texts_again_changes_nothing(tmp_path: Path) -> None:
    if not shutil.which("xgettext"):
        pytest.skip("gettext is not installed")
    copy = tmp_path / "homeward"
    shutil.copytree(settings.BASE_DIR, copy, ignore=NOT_COPIED)
    collected = [sys.executable, "manage.py", "makemessages", "-l", "zh_Hans", "-l", "zh_Hant", *OPTIONS]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    subprocess.run(collected, cwd=copy, env=environment, check=True, capture_output=True)
    for path in (SIMPLIFIED, TRADITIONAL):
        assert (copy / path.relative_to(settings.BASE_DIR)).read_text("utf-8") == path.read_text("utf-8")


def test_a_catalogue_is_written_in_one_form(tmp_path: Path) -> None:
    path = catalogue(tmp_path, source="Order", text="订单")
    head = 'msgid ""\nmsgstr ""\n"POT-Creation-Date: 2026-11-29 10:00+0000\\n"\n"Language: zh_Hans\\n"\n'
    path.write_text(head + '\n#: b.html c.html\n#: b.html\n#: a.html\nmsgid "Order"\nmsgstr "订单"\n', encoding="utf-8")
    rewrite(path)
    once = path.read_text("utf-8")
    assert "POT-Creation-Date" not in once
    assert "\n#: a.html b.html c.html\n" in once
    rewrite(path)
    assert path.read_text("utf-8") == once
