"""Parses a page as a browser does: its forms, its text, and the elements that are not ours."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID_WORDS = ("script", "style")
FREE = ("text", "textarea", "search")


@dataclass
class Field:
    """One control. ``kind`` is the input's type, or textarea, select, submit; ``choices`` are values one may pick."""

    name: str
    kind: str
    value: str = ""
    choices: list[str] = field(default_factory=list)
    checked: bool = False


@dataclass
class Form:
    action: str
    method: str
    fields: list[Field] = field(default_factory=list)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.name for one in self.fields))


class Page(HTMLParser):
    """``forms``, ``words`` (all that is shown), ``links``, and ``foreign``: traces of markup that came from input."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.by_id: dict[str, Form] = {}
        self.foreign: list[str] = []
        self.links: list[str] = []
        self._words: list[str] = []
        self._form: Form | None = None
        self._select: Field | None = None
        self._area: Field | None = None
        self._hidden, self._runs = "", True
        self.feed(text)
        self.close()
        self.words = "".join(self._words)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self._judge(tag, told)
        if tag == "form":
            self._form = Form(told.get("action", ""), told.get("method", "get").lower())
            self.forms.append(self._form)
            self.by_id[told.get("id", "")] = self._form
        elif tag == "a":
            self.links.append(told.get("href", ""))
        elif tag == "option" and self._select is not None:
            self._select.choices.append(told.get("value", ""))
            if "selected" in told:
                self._select.value = told.get("value", "")
        elif told.get("name") and tag in ("input", "textarea", "select", "button"):
            self._control(tag, told)
        if tag in VOID_WORDS:
            self._hidden = tag
            self._runs = told.get("type") != "application/json"

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea" and self._area is not None:
            self._area.value = self._area.value.removeprefix("\n")
            self._area = None
        if tag == self._hidden:
            self._hidden = ""

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.value += data
        if not self._hidden:
            self._words.append(data)
        elif self._hidden == "script" and self._runs and data.strip():
            self.foreign.append(f"script {data[:40]!r}")

    def _control(self, tag: str, told: dict[str, str]) -> None:
        kind = {"input": told.get("type", "text"), "button": "submit"}.get(tag, tag)
        control = Field(told["name"], kind, told.get("value", ""), checked="checked" in told)
        form = self.by_id.get(told["form"]) if "form" in told else self._form
        if form is not None:
            form.fields.append(control)
        if tag == "select":
            self._select = control
        elif tag == "textarea":
            self._area = control

    def _judge(self, tag: str, told: dict[str, str]) -> None:
        named = [name for name in told if name.startswith(("on", "hw-")) or name == "style"]
        if tag.startswith("hw-") or tag in ("base", "object", "embed") or named:
            self.foreign.append(f"<{tag} {' '.join(named)}>")
        for name in ("href", "src", "action", "formaction", "hx-get", "hx-post"):
            if told.get(name, "").strip().lower().startswith(("javascript:", "data:", "//", "vbscript:")):
                self.foreign.append(f"{name}={told[name][:40]!r}")


def ran(page: Page) -> list[str]:
    """Words that only a template engine could have made of what was typed."""
    return [word for word in ("hw1337", "hwran") if word in page.words]
