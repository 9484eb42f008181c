"""Strings that have broken programs. Those that are markup carry ``hw-x``, which no page of ours has.

A template or formula that runs turns ``191*7`` into 1337, or ``hw`` and ``ran`` into one word.
"""

# ruff: noqa: E501 - a table

MARKUP = (
    "<hw-x>", "<hw-x/onload=alert(1)>", '"><hw-x a="', "'><hw-x a='", '" hw-x="', "' hw-x='", "` hw-x=`", " hw-x=1 ", "--><hw-x>",
    "</title><hw-x>", "</textarea><hw-x>", "</script><hw-x>", "</style><hw-x>", "</option></select><hw-x>", "]]><hw-x>",
    "<script hw-x>alert(1)</script>", "<ScRiPt hw-x>alert(1)</sCrIpT>", "<img src=x hw-x onerror=alert(1)>", "<svg hw-x onload=alert(1)>",
    "<iframe hw-x src=javascript:alert(1)>", "<a hw-x href='javascript:alert(1)'>", "<math hw-x><mi xlink:href='data:x,<script>'>",
    "<base hw-x href=//evil.example>", "<meta hw-x http-equiv=refresh content=0>", "<link hw-x rel=stylesheet href=//evil.example>",
    "<form hw-x action=//evil.example>", "<style hw-x>*{display:none}</style>", "<!--<hw-x>", "<?php hw-x ?>", "<![CDATA[<hw-x>]]>",
    "&lt;hw-x&gt;", "&#60;hw-x&#62;", "&amp;lt;hw-x&amp;gt;", "%3Chw-x%3E", "\\u003chw-x\\u003e", "\\x3chw-x\\x3e", "＜hw-x＞", "\ufe64hw-x\ufe65",
    "<\x00hw-x>", "<hw-x\n>", "<<hw-x>>", "\"'`<>&;/\\", "javascript:alert(1)", "data:text/html,<hw-x>", "//evil.example/%2f..", "hx-get=/x hw-x",
)  # fmt: skip
TEMPLATES = (
    "hw{{191*7}}", '{{ "hw"|add:"ran" }}', "{% debug %}", "{% include '/etc/passwd' %}", "{% load static %}", "{# hw-x #}", "{{ settings.SECRET_KEY }}",
    "{{ request.user.password }}", "${191*7}", "#{191*7}", "<%= 191*7 %>", "${jndi:ldap://127.0.0.1/x}", "%(name)s", "%s%s%s%n", "%d", "%", "100 %", "{0}",
    "{}", "{0.__class__.__mro__}", "{name!r}", "{{", "}}", "{%", "%}", "$(id)", "`id`", "| id", "; id", "&& id", "$HOME", "%APPDATA%",
)  # fmt: skip
TYPST = (
    "#include \"/etc/passwd\"", "#raw(\"hw\")", "#read(\"/etc/passwd\")", "#(191*7)", "#let x = 1", "#import \"@preview/x:1.0.0\"", "*bold* _it_ $x$",
    "= Heading", "- list", "+ list", "/ term: x", "<label>", "@label", "```raw```", "\\", "// comment", "/* comment */", "#[", "#{", "~", "---",
)  # fmt: skip
FORMULAS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(1)",
    "=cmd|' /C calc'!A0",
    "\t=1",
    "＝1+1",
    "|x",
    "%x",
    '=HYPERLINK("http://evil.example")',
)
SQL = (
    "'", "''", '"', "' OR '1'='1", "'; DROP TABLE returns_case;--", "1; SELECT pg_sleep(9)", "' UNION SELECT NULL--", "\\'", "\\", "%", "_", "%%", "a%b_c",
    "$$", "$1", ":x", "?", "--", "/*", "1e309", "NULL", "nan", "Infinity", "-Infinity", "true", "0x10", "1_000", "٣", "１２", "²", "1" * 400,
    "-1", "0", "-0", "9223372036854775808", "2147483648", "1.5", "1,5", "1e5", "1e-400", "00", "+1", " 1 ", "1\u00a0000", "½",
)  # fmt: skip
HEADERS = ("a\r\nBcc: evil@evil.example", "a\nSubject: x", "a\rX: y", "a%0d%0aSet-Cookie:x=1", "a\u2028b", "a\u2029b", "a\x85b", "a\x0bb", "\r\n\r\n<hw-x>",
           '"a" <a@evil.example>', "a@b.example, c@d.example", "a@b.example\nBcc: c@d.example", "=?utf-8?q?=0aBcc:_x?=", "é" * 80)  # fmt: skip
SCRIPTS = (
    "王小明", "𠮷野家", "㐂", "𪚥𪚥", "龘靐齉", "囧rz", "ﷺ", "العربية", "עברית", "ไทย", "한국어", "ㅤ", "\u3164name", "İstanbul", "ıI", "ß", "ﬁ", "Å", "Å", "ΐ", "ΐ",
    "🧑‍🤝‍🧑🏽", "🇩🇪🇨🇳", "❤️", "👨‍👩‍👧‍👦" * 9, "\u202egpj.exe", "\u2066a\u2069", "\u200f", "\u200b", "\u200d\u200c", "\ufeffstart", "a\u00adb", "\u2060", "\u034f",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢", "e" + "\u0301" * 3000, "\u0e49" * 2000, "﷽" * 30, "\U0010ffff", "\ufffe", "\uffff", "\U0001f9ff\ufe0f", "\ue000", "\U000e0041",
)  # fmt: skip
CONTROLS = (
    "\x00",
    "a\x00b",
    "\x01\x02",
    "\x1b[31mred\x1b[0m",
    "\x07",
    "\x7f",
    "\x80",
    "\t",
    "\n",
    "\r\n",
    " ",
    "   ",
    "\u00a0",
    "\u3000",
    "",
    "\x1a",
    "\x0c",
)
NAMES = (
    "CON", "nul", "aux.jpg", "LPT1", "..", "../../etc/passwd", "..\\..\\windows\\win.ini", "/etc/passwd", "C:\\fakepath\\x.jpg", "file:///etc/passwd",
    ".htaccess", "photo.php.jpg", "photo.jpg%00.php", "~root", "-rf", "a" * 255 + ".jpg", "photo.", "photo ", "%2e%2e%2f", "..%c0%af", "__proto__",
    "constructor", "undefined", "null", "None", "True", "[object Object]", "id", "pk", "admin", "csrfmiddlewaretoken",
)  # fmt: skip
SURROGATES = ("\ud800", "a\udfffb", "\ud83d", "\udcff\udcfe")  # sent as the bytes ED A0 80 …, which are not UTF-8
# a request may have 5 MB, in which three bytes of a Chinese character are nine
LONG = ("x" * 1_000_000, "王" * 100_000, "<hw-x>" * 20_000, " " * 100_000 + "x", "\n" * 50_000, "a " * 100_000)

SHORT = MARKUP + TEMPLATES + TYPST + FORMULAS + SQL + HEADERS + SCRIPTS + CONTROLS + NAMES
EVERY = tuple(dict.fromkeys(SHORT + SURROGATES + LONG))
#: for fields that are no free text, and for addresses, headers and cookies
WORST = tuple(dict.fromkeys((
    '"><hw-x a="', "<script hw-x>alert(1)</script>", "hw{{191*7}}", "'; DROP TABLE returns_case;--", "%s%n", "a\r\nBcc: evil@evil.example", "\x00", "a\x00b",
    "", " ", "-1", "0", "1e309", "nan", "9223372036854775808", "1" * 400, "²", "٣", "１２", "../../etc/passwd", "\ud800", "\U0010ffff", "\u202e", "𠮷", "{}",
    "[]", "None", "x" * 100_000, "1,2,3", "2026-02-30", "9999-12-31T23:59:59+99:99", "0001-01-01", "true",
)))  # fmt: skip
