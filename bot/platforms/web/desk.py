"""The operator's desk: upload a lecture note, see what would come of it, and accept or cancel."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path

from nicegui import ui
from nicegui.events import GenericEventArguments, UploadEventArguments

from bot.platforms.web.elements import Tag, notes_text, press_button
from bot.study import Study
from bot.wording import Phrases
from content.notes import Asked, Draft, EditedError, Plan, Remark, Said, numbers, plan_import, write_plan

NOTE_SIZE = 5_000_000  # bytes; the longest real note seen had 200,000
_ACCEPTED = ".md,.markdown,.txt"
_SHOWN = 20  # places left out, doubts and changes; `sunbae import --json` gives all


class Desk:
    """One operator's desk in one browser tab."""

    def __init__(self, study: Study, phrase: Phrases) -> None:
        self._study = study
        self._phrase = phrase
        with Tag("div", "desk"):
            Tag("h1", "", phrase("desk.title"))
            Tag("p", "", phrase("desk.about", folder=str(study.live.folder)))
            self._upload = self._uploader()
            self._preview = Tag("div", "preview", **{"aria-live": "polite"})
            Tag("a", "", phrase("desk.back"), href="/")

    def _uploader(self) -> ui.upload:
        """A button, and around it the place to drop a file; no count of bytes, as a note is there at once."""
        uploader = ui.upload(auto_upload=True, max_file_size=NOTE_SIZE, on_upload=self._read).props(
            f"accept={_ACCEPTED}"
        )
        uploader.on("rejected", self._refuse, js_handler="(refused) => emit(refused[0].failedPropValidation)")
        uploader.add_slot(
            "header",
            f"""<button type="button" class="button" @click="props.pickFiles">{self._phrase("desk.upload")}</button>
                <span hidden><q-uploader-add-trigger /></span>""",
        )
        return uploader

    def _refuse(self, event: GenericEventArguments) -> None:
        """Say why Quasar did not take a file: the name of the property that it does not meet."""
        self._say("desk.wrong_kind" if event.args == "accept" else "desk.too_large")

    async def _read(self, event: UploadEventArguments) -> None:
        source = await event.file.read()
        name = Path(event.file.name).stem
        plan = await asyncio.to_thread(plan_import, source, name=name, folder=self._study.live.folder)
        self._upload.reset()
        self._preview.clear()
        with self._preview:
            self._show(plan)

    def _show(self, plan: Plan) -> None:
        phrase = self._phrase
        if not plan.drafts:
            Tag("p", "words", phrase("desk.nothing", found=self._told(plan.reading.found)))
            return
        for talk in plan.reading.talks:
            Tag("h2", "", " · ".join(filter(None, (talk.speaker, talk.title, talk.date))))
            counted = numbers()
            with Tag("ol", "asked"):
                for question in talk.questions:
                    self._show_question(question, counted)
        told = self._told
        left_out = [f"{each.line}: {told(each.reason)} ({each.count})" for each in plan.reading.dropped]
        self._list("desk.left_out", left_out)
        doubts = [
            f"{each.line}: {told(each.message)}" if each.line else told(each.message) for each in plan.reading.warnings
        ]
        self._list("desk.doubts", doubts)
        changes = [each for draft in plan.drafts for each in draft.changes]
        self._list("desk.changes", [f"{each.question} {told(each.message)}".strip() for each in changes])
        self._list("desk.faults", [told(fault.message) for fault in plan.faults])
        with Tag("div", "buttons"):
            if not plan.faults and any(draft.changed for draft in plan.drafts):
                press_button(phrase("desk.accept"), lambda: self._accept(plan), classes="button")
            press_button(phrase("desk.cancel"), lambda: self._say("desk.cancelled"), classes="button")
        Tag("p", "lead", " ".join(self._outcome(draft) for draft in plan.drafts))

    def _show_question(self, question: Asked, counted: Iterator[int]) -> None:
        with Tag("li", value=str(next(counted))):
            notes_text("div", "question", question.text)
            if question.answered:
                _show_points(question.points)
            else:
                Tag("p", "lead", self._phrase("desk.open"))
            if question.follow_ups:
                with Tag("ol", "asked"):
                    for follow_up in question.follow_ups:
                        self._show_question(follow_up, counted)

    def _list(self, key: str, items: Sequence[str]) -> None:
        if items:
            Tag("h3", "", self._phrase(key, count=len(items)))
            with Tag("ul", "plain"):
                for item in items[:_SHOWN]:
                    Tag("li", "", item)

    def _told(self, sentence: str) -> str:
        """What the importer says, in the visitor's language; what `sunbae check` says of a file stays as it stands."""
        if isinstance(sentence, Remark):
            return self._phrase(f"desk.remark.{sentence.kind}", **sentence.values)
        return sentence

    def _outcome(self, draft: Draft) -> str:
        if not draft.changed:
            return self._phrase("desk.unchanged", file=draft.path.name)
        return self._phrase("desk.new" if draft.before is None else "desk.updated", file=draft.path.name)

    async def _accept(self, plan: Plan) -> None:
        try:
            written = await asyncio.to_thread(write_plan, plan)
        except EditedError as error:
            self._say("desk.edited", file=error.path.name)
            return
        except OSError as error:
            self._say("desk.unwritten", file=str(error.filename))
            return
        await asyncio.to_thread(self._study.live.refresh, force=True)
        self._say("desk.written", files=", ".join(path.name for path in written))

    def _say(self, key: str, **values: str) -> None:
        self._preview.clear()
        with self._preview:
            Tag("p", "words", self._phrase(key, **values))


def _show_points(points: tuple[Said, ...]) -> None:
    with Tag("ul", "points"):
        for point in points:
            with Tag("li"):
                notes_text("div" if "\n" in point.text else "span", "point", point.text)
                if point.children:
                    _show_points(point.children)
