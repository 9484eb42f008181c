"""Cut what a mail quotes, and signatures, from its text. Pure; one pass over the lines, each cut to a fixed length.

Only what mail programs write is cut: a line "-- ", "Sent from my …" and the headers of quotes. Words of people such as
"Thank you," are never a signature, because the question may come after them.
"""

import re

LINE = 400  # characters of a line that the patterns read
#: "On … wrote:" and its like, on one line or more; programs always write a day or a year in figures
_WROTE = re.compile(
    r"^(?:on\b[^\d]{0,40}\d.*\bwrote|am\b[^\d]{0,20}\d.*\bschrieb\b.*|[^\d]{0,200}\d.*(?:写道|寫道))\s*[:：]$",
    re.IGNORECASE,
)
_BEGINS_WROTE = re.compile(r"^(?:on|am)\s.*\d|^在\s*\d|.*\d{4}\s*[年/-].*", re.IGNORECASE)
_SEPARATOR = re.compile(
    r"^(?:-{2,}\s*(?:original message|forwarded message|ursprüngliche nachricht|originalnachricht|"
    r"weitergeleitete nachricht|original|原始邮件|原始郵件|原邮件|回复的原邮件|原始信件|转发邮件|"
    r"轉寄郵件)\s*-{2,}|_{20,})$",
    re.IGNORECASE,
)
_FROM = re.compile(r"^\*{0,2}(?:from|von|发件人|發件人|寄件者|寄件人)\*{0,2}\s*[:：]", re.IGNORECASE)
_OTHER_HEADER = re.compile(
    r"^\*{0,2}(?:sent|date|to|cc|subject|gesendet|datum|an|betreff|发送时间|發送時間|日期|时间|收件人|收件者|抄送|主题|"
    r"主題|主旨|寄件日期|傳送日期)\*{0,2}\s*[:：]",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(
    r"^(?:--|—|sent from (?:my|outlook|mail for|yahoo).*|get outlook for .*|von meinem .{1,40} gesendet.*"
    r"|gesendet (?:von|mit|aus) .*|holen sie sich outlook.*|(?:发自|發自|来自|來自|從我的|从我的)(?:我的)?.{1,60}"
    r"|傳送自我的.{1,60}|使用.{1,30}(?:发送|發送|傳送)|(?:由|发自)?网易邮箱大师.*)$",
    re.IGNORECASE,
)


def visible_text(text: str) -> str:
    """The words that the sender wrote above, between or below quotes; all of ``text`` where nothing else is left."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    kept: list[str] = []
    place = 0
    while place < len(lines):
        line = lines[place].strip()[:LINE]
        if line.startswith(">"):
            place += 1
            continue
        if skip := _header_of_quote(lines, place):
            following = next((later.strip() for later in lines[place + skip :] if later.strip()), "")
            if following.startswith(">"):  # marked line by line, so that answers below it can be told apart
                place += skip
                continue
            break
        if _SIGNATURE.match(line) and (kept or line != "--"):
            rest = _next_quote(lines, place)
            if rest is None:
                break
            place = rest
            continue
        kept.append(lines[place])
        place += 1
    return _tidy(kept) or _tidy(lines)


def _header_of_quote(lines: list[str], place: int) -> int:
    """How many lines from ``place`` announce a quote; 0 for none."""
    line = lines[place].strip()[:LINE]
    if not line:
        return 0
    if _SEPARATOR.match(line) or _WROTE.match(line):
        return 1
    if _BEGINS_WROTE.match(line):
        joined = line
        for more in range(1, 3):
            if place + more >= len(lines) or not lines[place + more].strip():
                break
            joined = f"{joined} {lines[place + more].strip()[:LINE]}"[: 2 * LINE]
            if _WROTE.match(joined):
                return more + 1
    if _FROM.match(line):
        others = (later.strip()[:LINE] for later in lines[place + 1 : place + 6])
        return int(sum(bool(_OTHER_HEADER.match(other)) for other in others) >= 2)
    return 0


def _next_quote(lines: list[str], place: int) -> int | None:
    """Where a signature ends, because a quote begins: answers may follow below it."""
    for later in range(place + 1, min(len(lines), place + 12)):
        if lines[later].strip().startswith(">") or _header_of_quote(lines, later):
            return later
    return None


def _tidy(lines: list[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
