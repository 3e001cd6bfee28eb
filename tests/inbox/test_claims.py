"""Two workers at the same moment."""

import threading

import pytest
from django.db import connection

from accounts.models import User
from inbox.models import Notice
from inbox.notices import claim


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_at_the_same_moment_one_may_send():
    user = User.objects.create_user("kari@fjordvik.test", name="Kari Nordmann")
    ready = threading.Barrier(2)
    won = []

    def work():
        try:
            ready.wait()
            for number in range(5):
                if claim(user, "decide", f"seat-{number}") is not None:
                    won.append(number)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _each in range(2)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()

    assert sorted(won) == list(range(5))
    assert Notice.objects.count() == 5
