import json
import logging

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from veikart import health
from veikart.middleware import RequestIdFilter, RequestIdMiddleware, current, make_request_id

ALL_WELL = {"database": "ok", "migrations": "ok", "queue": "ok", "storage": "ok"}


@pytest.fixture(autouse=True)
def writable_folders(settings, tmp_path, monkeypatch):
    settings.CELERY_BROKER_URL = "filesystem://"
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"data_folder_out": str(tmp_path / "queue")}
    monkeypatch.setattr(health, "_migrated", False)


def answer(client: Client) -> tuple[int, dict]:
    response = client.get("/readyz")
    return response.status_code, json.loads(response.content)


@pytest.mark.django_db
def test_healthz_answers_strangers_without_asking_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.django_db
def test_readyz_tells_strangers_that_every_part_works(client):
    assert answer(client) == (200, {"ready": True, "checks": ALL_WELL})


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_pages_are_never_cached_and_only_read(client, path):
    assert "no-store" in client.get(path).headers["Cache-Control"]
    assert client.post(path).status_code == 405


@pytest.mark.django_db
def test_missing_migrations_are_named_until_they_are_run(client, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(health.MigrationExecutor, "migration_plan", lambda *_: ["one"])
        behind = answer(client)

    words = "migrations are missing; run manage.py migrate"
    assert behind == (503, {"ready": False, "checks": {**ALL_WELL, "migrations": words}})
    assert answer(client) == (200, {"ready": True, "checks": ALL_WELL})


@pytest.mark.django_db
def test_complete_migrations_are_not_looked_for_again(client, monkeypatch):
    answer(client)
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda *_: ["one"])

    assert answer(client) == (200, {"ready": True, "checks": ALL_WELL})


@pytest.mark.django_db
def test_a_part_that_fails_is_named_without_its_own_words(client, monkeypatch, caplog):
    def refuse() -> None:
        raise ConnectionError("password of 10.0.0.7 is wrong")

    monkeypatch.setitem(health.CHECKS, "database", refuse)
    with caplog.at_level(logging.WARNING, "veikart.health"):
        given = answer(client)

    assert given == (
        503,
        {"ready": False, "checks": {**ALL_WELL, "database": "does not answer"}},
    )
    assert [record.getMessage() for record in caplog.records if record.name == health.__name__] == [
        "Not ready: database"
    ]


@pytest.mark.django_db
def test_a_queue_folder_that_cannot_be_written_is_not_ready(client, settings, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"data_folder_out": str(tmp_path / "file" / "queue")}

    checks = {**ALL_WELL, "queue": "does not answer"}
    assert answer(client) == (503, {"ready": False, "checks": checks})


@pytest.mark.django_db
def test_redis_is_asked_where_it_is_the_queue(client, settings, monkeypatch):
    settings.CELERY_BROKER_URL = "redis://queue.example:6379/0"
    asked = []
    monkeypatch.setattr("redis.Redis.ping", lambda self: asked.append(self.get_connection_kwargs()))

    assert answer(client) == (200, {"ready": True, "checks": ALL_WELL})
    assert [kwargs["host"] for kwargs in asked] == ["queue.example"]


@pytest.mark.django_db
def test_an_unknown_kind_of_queue_is_not_ready(client, settings):
    settings.CELERY_BROKER_URL = "carrier-pigeon://"

    checks = {**ALL_WELL, "queue": "this kind of queue is unknown"}
    assert answer(client) == (503, {"ready": False, "checks": checks})


def test_a_storage_that_cannot_be_written_is_not_ready(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setattr(health, "default_storage", health.FileSystemStorage(tmp_path / "file"))

    assert health.result_of("storage", health.check_storage) == "not writable"


@pytest.mark.parametrize("offered", ["abcd1234", "A-b_C-8" * 9])
def test_a_sane_request_number_is_kept(offered):
    assert make_request_id(offered) == offered


@pytest.mark.parametrize("offered", [None, "", "short", "a" * 65, "with space", "a\nline-break"])
def test_any_other_request_number_is_replaced_by_a_new_one(offered):
    made = [make_request_id(offered) for _ in range(2)]

    assert [len(number) for number in made] == [32, 32]
    assert made[0] != made[1]


def test_request_answer_and_log_carry_the_same_number():
    seen = []

    def view(request):
        record = logging.makeLogRecord({})
        RequestIdFilter().filter(record)
        seen.extend([request.id, record.request_id])
        return HttpResponse()

    token = current.set("-")
    response = RequestIdMiddleware(view)(
        RequestFactory().get("/", headers={"X-Request-ID": "n" * 8})
    )
    current.reset(token)

    assert [*seen, response.headers["X-Request-ID"]] == ["n" * 8] * 3


def test_a_log_record_outside_of_a_request_has_a_dash():
    token = current.set("-")
    record = logging.makeLogRecord({})
    RequestIdFilter().filter(record)
    current.reset(token)

    assert record.request_id == "-"
