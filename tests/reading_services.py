"""Servers that behave like a GROBID and like a language model, as far as dl-lit can tell."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from httpserver import Answer, Arrival, Reply

TEI_TYPE = {"Content-Type": "application/xml"}
ENTITY_BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE TEI [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b'<TEI xmlns="http://www.tei-c.org/ns/1.0"><text>&b;</text></TEI>'
)


def tei(*structs: str) -> bytes:
    """A whole answer of `processReferences` with these `<biblStruct>`s."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><TEI xmlns="http://www.tei-c.org/ns/1.0"><text><back>'
        f'<div type="references"><listBibl>{"".join(structs)}</listBibl></div></back></text></TEI>'
    ).encode()


def struct(raw: str, title: str = "A title") -> str:
    return (
        f'<biblStruct><analytic><title level="a" type="main">{title}</title></analytic>'
        f'<monogr><title level="j">A Journal</title></monogr><note type="raw_reference">{raw}</note></biblStruct>'
    )


def tei_reply(*structs: str) -> Reply:
    return Reply(200, tei(*structs), TEI_TYPE)


def claim(raw: str, **fields: Any) -> dict[str, Any]:
    """One reference as a model gives it; what is not named is null."""
    return {"raw": raw, "authors": [], "editors": [], **fields}


def chat(content: Any, *, finish: str = "stop", tokens: int | None = 100) -> Reply:
    """An answer of `/chat/completions`; `content` is a list of claims, or text that is sent as it is."""
    text = json.dumps({"references": content}) if isinstance(content, list) else content
    body: dict[str, Any] = {"choices": [{"finish_reason": finish, "message": {"role": "assistant", "content": text}}]}
    if tokens is not None:
        body["usage"] = {"total_tokens": tokens}
    return Reply(200, json.dumps(body).encode(), {"Content-Type": "application/json"})


def text_of(arrival: Arrival) -> str:
    """The lines that a model was sent."""
    text: str = json.loads(arrival.body)["messages"][1]["content"]
    return text


def model_that_claims(*claims: dict[str, Any]) -> Answer:
    """Gives always the same answer, whatever it is sent."""
    return lambda arrival: chat(list(claims))


def copying_model(begins: Callable[[str], bool]) -> Answer:
    """An honest model: each line for which `begins` holds starts a reference, which goes on to the next such line."""

    def answer(arrival: Arrival) -> Reply:
        return chat([claim(raw) for raw in split(text_of(arrival).split("\n"), begins)])

    return answer


def split(lines: Sequence[str], begins: Callable[[str], bool]) -> list[str]:
    entries: list[str] = []
    for line in lines:
        if begins(line):
            entries.append(line)
        elif entries:
            entries[-1] += f" {line}"
    return entries
