"""The service of the how-to page: its answers, and what its OpenAPI says of them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from keyaccount import DealEvent, stages, wire
from tests.embedding.pages import copied


jsonschema = pytest.importorskip("jsonschema")
httpx = pytest.importorskip("httpx", reason="needs the extra embed")
pytest.importorskip("fastapi", reason="needs the extra embed")

OPENS = {"id": "e-1", "kind": "open", "at": "2026-03-02T09:00:00+08:00", "actor": "li"}
MOVES = {**OPENS, "id": "e-2", "kind": "advance", "expected_version": 1}
REAL = {"source_recorded": True, "gate_is_real": "pass"}
RULING: Any = stages.Ruling  # a union: no class, for the type checker
PATH = "/deals/{deal_id}/events"

Drawn = dict[str, Any]
Post = Callable[..., tuple[int, Drawn]]


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Run the page's block beside the block that it imports, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    copied("sqlite3", "deals")
    return copied("fastapi", "service")


@pytest.fixture
def post(service: ModuleType) -> Post:
    """Post a body to the deal `d-1`; return the status and the answer."""

    async def send(content: bytes, locale: str) -> tuple[int, Drawn]:
        transport = httpx.ASGITransport(service.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://a") as http:
            address = f"/deals/d-1/events?locale={locale}"
            answer = await http.post(address, content=content)
        found = answer.json()
        assert not list(validator(service, f"{answer.status_code}").iter_errors(found))
        return answer.status_code, found

    def post(body: object, locale: str = "en") -> tuple[int, Drawn]:
        text = body if isinstance(body, bytes) else json.dumps(body).encode()
        return asyncio.run(send(text, locale))

    return post


def validator(service: ModuleType, part: str) -> Any:  # noqa: ANN401 - jsonschema's own
    """Return what checks a request, or the answer with a status, by the OpenAPI."""
    document = service.app.openapi()
    operation = document["paths"][PATH]["post"]
    place = operation["responses"].get(part, operation["requestBody"])
    schema = place["content"]["application/json"]["schema"]
    whole = {**schema, "components": document["components"]}
    return jsonschema.Draft202012Validator(whole)


def test_an_event_that_moves_is_200_and_says_why(post: Post) -> None:
    opened = post({"event": OPENS})
    moved = post({"event": MOVES, "facts": REAL})

    assert [opened[0], moved[0]] == [200, 200]
    assert moved[1]["ruling"]["kind"] == "moved"
    assert moved[1]["ruling"]["deal"]["history"][-1]["stage"] == "need-confirmation"
    assert moved[1]["why"][0].startswith("Recorded: step forward")


def test_the_same_event_again_is_200_and_a_duplicate(post: Post) -> None:
    post({"event": OPENS})

    status, answer = post({"event": OPENS})

    assert (status, answer["ruling"]["kind"]) == (200, "duplicate")


def test_a_stale_version_is_409(post: Post) -> None:
    post({"event": OPENS})

    status, answer = post({"event": {**MOVES, "expected_version": 7}, "facts": REAL})

    assert (status, answer["ruling"]["kind"]) == (409, "conflict")


@pytest.mark.parametrize("locale", ["en", "zh-Hans", "zh-Hant"])
def test_a_refusal_is_422_with_everything_that_is_unmet(
    post: Post, locale: str
) -> None:
    opened, moves = (wire.structure(one, DealEvent) for one in (OPENS, MOVES))
    refused = stages.decide(stages.open_deal("d-1", opened), moves)
    post({"event": OPENS})

    status, answer = post({"event": MOVES}, locale)

    assert status == 422
    codes = [unmet["code"] for unmet in answer["ruling"]["unmet"]]
    assert codes == ["is-real"]
    assert wire.structure(answer["ruling"], RULING) == refused
    assert answer["why"] == list(refused.explain(locale))


def test_what_cannot_be_read_is_422_with_every_problem(post: Post) -> None:
    wrong = {"id": "", "kind": "advanc", "at": "tomorrow", "expected_version": True}

    status, answer = post({"event": wrong, "fact": {}})

    assert (status, answer["code"]) == (422, "unreadable")
    paths = [problem["path"] for problem in answer["problems"]]
    for place in ("kind", "at", "expected_version", "actor"):
        assert f"$.event.{place}" in paths
    assert "$.fact" in paths


def test_facts_out_of_range_and_ids_used_again_are_422(post: Post) -> None:
    post({"event": OPENS})
    low = post({"event": MOVES, "facts": {"mandatory_needs": -1}})
    reused = post({"event": {**MOVES, "id": "e-1"}})
    unknown = post({"event": MOVES, "facts": {"sorce_recorded": True}})

    assert [status for status, _ in (low, reused, unknown)] == [422, 422, 422]
    codes = [answer["code"] for _, answer in (low, reused, unknown)]
    assert codes == ["invalid-value", "event-reused", "unknown-fact"]
    assert low[1]["problems"][0]["path"] == "$.mandatory_needs"


BODIES: tuple[object, ...] = (
    {"event": OPENS},
    {"event": OPENS, "facts": {}},
    {"event": OPENS, "facts": {"mandatory_needs": 2, **REAL}},
    {"event": {**OPENS, "expected_version": None}},
    {"event": {**OPENS, "at": "2026-03-02T09:00:00"}},
    {"event": {**OPENS, "at": 5}},
    {"event": {**OPENS, "kind": "close"}},
    {"event": {**OPENS, "actor": None}},
    {"event": {**OPENS, "expected_version": "1"}},
    {"event": {**OPENS, "resume_on": "soon"}},
    {"event": {**OPENS, "who": "li"}},
    {"event": {key: OPENS[key] for key in ("id", "kind", "at")}},
    {"event": OPENS, "facts": {"source_recorded": [True]}},
    {"event": OPENS, "facts": None},
    {"event": OPENS, "more": 1},
    {"event": None},
    {"facts": {}},
    {},
    [],
    "open",
)


@pytest.mark.parametrize("body", BODIES, ids=json.dumps)
def test_the_document_refuses_what_the_service_refuses(
    service: ModuleType, post: Post, body: object
) -> None:
    described = validator(service, "request").is_valid(body)

    _, answer = post(body)

    assert described == (answer.get("code") != "unreadable")


def test_the_document_is_drawn_by_the_wire_alone(service: ModuleType) -> None:
    parts = service.app.openapi()["components"]["schemas"]

    expected = {"Error": {"required": ["code"]}}
    for cls in (service.Command, service.Answer):
        text = json.dumps(wire.schema(cls)).replace("#/$defs/", "#/components/schemas/")
        drawn = json.loads(text)
        expected |= drawn.pop("$defs") | {cls.__name__: drawn}
    assert parts == expected
    assert {"deal-event", "deal", "accepted", "unmet"} <= set(parts)
