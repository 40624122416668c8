"""Search engines behind one face: this one, and three that people reach for first."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from content import Question
from content.search import Index
from content.search.encoders import find_vectors

Search = Callable[[str], list[int]]  # places of the five best questions, best first
Glossary = tuple[tuple[str, ...], ...]


def words(questions: Sequence[Question], glossary: Glossary) -> Search:
    """This engine's lexical tier."""
    return _of(Index(questions, glossary), questions)


def meaning(questions: Sequence[Question], glossary: Glossary) -> Search:
    """This engine with both tiers. RuntimeError where the encoder does not run."""
    vectors = find_vectors(Path.home() / ".cache" / "sunbae-benchmark")
    if vectors is None:
        raise RuntimeError("the semantic tier does not run on this machine")
    index = Index(questions, glossary, vectors)
    index.warm()
    return _of(index, questions)


def rapidfuzz(questions: Sequence[Question], _: Glossary) -> Search:
    """The likeness that did-you-mean code usually takes: WRatio over every phrasing."""
    from rapidfuzz import fuzz, process, utils  # noqa: PLC0415  # only in its own process

    owners, phrasings = _phrasings(questions)

    def search(text: str) -> list[int]:
        found = process.extract(text, phrasings, scorer=fuzz.WRatio, processor=utils.default_process, limit=25)
        return _distinct([owners[place] for _, _, place in found])

    return search


def sqlite(questions: Sequence[Question], _: Glossary) -> Search:
    """SQLite's FTS5 with its trigram tokenizer, over questions, phrasings and answers."""
    database = sqlite3.connect(":memory:")
    database.execute("create virtual table note using fts5(body, tokenize='trigram')")
    database.executemany("insert into note(rowid, body) values (?, ?)", enumerate(map(_whole, questions)))

    def search(text: str) -> list[int]:
        letters = "".join(letter if letter.isalnum() else " " for letter in text)
        grams = {word[place : place + 3] for word in letters.split() for place in range(max(len(word) - 2, 0))}
        if not grams:
            return []
        query = " OR ".join(f'"{gram}"' for gram in sorted(grams))
        return [row for (row,) in database.execute("select rowid from note(?) order by rank limit 5", (query,))]

    return search


def tantivy(questions: Sequence[Question], _: Glossary) -> Search:
    """Tantivy with n-grams of two and three letters, over questions, phrasings and answers."""
    import tantivy as engine  # noqa: PLC0415  # only in its own process

    builder = engine.SchemaBuilder()
    builder.add_text_field("body", tokenizer_name="grams")
    builder.add_unsigned_field("place", stored=True)
    index = engine.Index(builder.build())
    analyzer = engine.TextAnalyzerBuilder(engine.Tokenizer.ngram(2, 3)).filter(engine.Filter.lowercase()).build()
    index.register_tokenizer("grams", analyzer)
    writer = index.writer()
    for place, question in enumerate(questions):
        writer.add_document(engine.Document(body=_whole(question), place=place))
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def search(text: str) -> list[int]:
        terms = [engine.Query.term_query(index.schema, "body", gram) for gram in analyzer.analyze(text)]
        query = engine.Query.boolean_query([(engine.Occur.Should, term) for term in terms])
        return [searcher.doc(address)["place"][0] for _, address in searcher.search(query, 5).hits]

    return search


ENGINES: Mapping[str, Callable[[Sequence[Question], Glossary], Search]] = {
    "sunbae": words,
    "sunbae + meaning": meaning,
    "rapidfuzz WRatio": rapidfuzz,
    "SQLite FTS5 trigram": sqlite,
    "tantivy 2-3-grams": tantivy,
}


def _of(index: Index, questions: Sequence[Question]) -> Search:
    places = {question.id: place for place, question in enumerate(questions)}
    return lambda text: [places[match.question.id] for match in index.search(text)]


def _phrasings(questions: Sequence[Question]) -> tuple[list[int], list[str]]:
    rows = [(n, item) for n, question in enumerate(questions) for item in (question.text, *question.aliases)]
    return [place for place, _ in rows], [item for _, item in rows]


def _whole(question: Question) -> str:
    return "\n".join((question.text, *question.aliases, *(point.text for _, point in question.walk())))


def _distinct(places: Sequence[int]) -> list[int]:
    return list(dict.fromkeys(places))[:5]
