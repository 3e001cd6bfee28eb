"""Telling a real queue that is not there."""

import time
from functools import partial

import pytest
from celery.app.task import Task

from reports import tasks


@pytest.fixture
def unreachable(monkeypatch: pytest.MonkeyPatch, queue: object) -> None:
    """Redis, on a port where nothing listens. The task itself is not faked here."""
    monkeypatch.delattr(tasks.run_report, "apply_async")
    assert tasks.run_report.apply_async.__func__ is Task.apply_async
    app = tasks.run_report.app
    elsewhere = partial(app.connection_for_write, "redis://127.0.0.1:1/0")
    monkeypatch.setattr(app, "connection_for_write", elsewhere)


def test_a_queue_that_is_not_there_costs_the_reader_little_time(unreachable, caplog):
    began = time.monotonic()
    tasks.enqueue(987654)
    assert time.monotonic() - began < 5
    assert "report job 987654 waits, the queue cannot be reached" in caplog.text
