"""Forms in the browser: real labels and inputs, sent whole."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from nicegui.events import GenericEventArguments

from bot.platforms.web.elements import Tag, clean
from bot.reply import Field, Form

Values = Mapping[str, Sequence[str]]

# A box that is not ticked sends nothing, so every field of the form is named first.
_COLLECT = """(event) => {
  event.preventDefault();
  const values = {};
  for (const [name, value] of new FormData(event.target)) (values[name] ??= []).push(value);
  emit(values);
}"""


def show_form(form: Form, on_submit: Callable[[Values], Awaitable[None]], wrong: Mapping[str, str]) -> None:
    """*on_submit* gets every field's values, none for one left empty; *wrong* says what was not taken, by field."""

    async def submitted(event: GenericEventArguments) -> None:
        sent = event.args if isinstance(event.args, dict) else {}
        await on_submit({field.name: _values(sent.get(field.name)) for field in form.fields})

    with Tag("form", "form", **{"aria-label": form.title}) as element:
        for field in form.fields:
            _show_field(field, wrong.get(field.name, ""))
        with Tag("div", "buttons"):
            Tag("button", "button primary", form.submit, type="submit")
    element.on("submit", submitted, js_handler=_COLLECT)


def _values(sent: object) -> tuple[str, ...]:
    return tuple(text for each in sent if (text := clean(each).strip())) if isinstance(sent, list) else ()


def _show_field(field: Field, wrong: str) -> None:
    if field.kind == "choices":
        with Tag("fieldset", "field"):
            Tag("legend", "", field.label)
            with Tag("div", "ticks"):
                for value, shown in field.options:
                    with Tag("label", "tick"):
                        ticked = {"checked": "checked"} if value in field.value else {}
                        Tag("input", type="checkbox", name=field.name, value=value, **ticked)
                        Tag("span", "", shown)
            if field.hint:
                Tag("span", "hint", field.hint)
            _show_wrong(wrong)
        return
    with Tag("label", "field"):
        Tag("span", "", field.label)
        required = {"required": "required"} if field.required else {}
        if field.kind == "choice":
            with Tag("select", name=field.name, **required):
                for value, shown in field.options:
                    chosen = {"selected": "selected"} if value in field.value else {}
                    Tag("option", "", shown, value=value, **chosen)
        else:
            now = field.value[0] if field.value else ""
            Tag("input", type=field.kind, name=field.name, value=now, placeholder=field.hint, **required)
        _show_wrong(wrong)


def _show_wrong(wrong: str) -> None:
    if wrong:
        Tag("span", "wrong", wrong, role="alert")
