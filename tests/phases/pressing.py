"""Somebody at another computer: a process of its own that does what it is told, when it is told.

Reads one order per line as JSON, does it at the moment that the order names, and answers in one
line what came of it. Run with ``python -m tests.phases.pressing``.
"""

import json
import os
import sys
import time

import django


def main() -> None:
    django.setup()
    from django.conf import settings
    from django.db import connections
    from django.utils import translation

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    translation.activate("en")
    say("ready")
    for line in sys.stdin:
        order = json.loads(line)
        try:
            answer = carry_out(order)
        except Exception as error:
            answer = {"failed": f"{type(error).__name__}: {error}"}
        connections.close_all()
        say(json.dumps(answer))


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def carry_out(order: dict) -> dict:
    from accounts.models import User
    from common.outcomes import Refusal
    from phases.models import GateSubmission
    from projects.models import Project

    actor = User.objects.get(pk=order["actor"])
    submission = GateSubmission.objects.filter(pk=order.get("submission")).first()
    project = (
        Project.objects.with_method()
        .select_related("organisation", "unit")
        .get(pk=order["project"])
    )
    time.sleep(max(0.0, order["at"] - time.time()))
    try:
        return {"done": DEEDS[order["deed"]](project, submission, actor)}
    except Refusal as refusal:
        return {"refused": str(refusal)}


def decide(project, submission, actor) -> str:
    from methodology.enums import GateOutcome
    from phases.gates import DecisionDraft
    from phases.services import decide_gate

    draft = DecisionDraft(GateOutcome.REWORK, f"Begrunnet av {actor.name}.")
    decision = decide_gate(submission=submission, draft=draft, actor=actor)
    return "decided" if decision else "counted"


def withdraw(project, submission, actor) -> str:
    from phases.services import withdraw_submission

    withdraw_submission(submission=submission, actor=actor)
    return "withdrawn"


def submit(project, submission, actor) -> str:
    from methodology.enums import GateOutcome
    from phases.services import submit_gate

    submit_gate(
        project=project,
        phase_key="anchoring",
        recommended_outcome=GateOutcome.REWORK,
        recommendation="Vi anbefaler mer arbeid.",
        actor=actor,
    )
    return "submitted"


def ask(project, submission, actor) -> str:
    from phases.services.questions import ask

    ask(submission=submission, text="Hva koster det?", actor=actor)
    return "asked"


def conflict(project, submission, actor) -> str:
    from phases.services.seats import declare_conflict

    declare_conflict(submission=submission, reason="Gift med leverandøren.", actor=actor)
    return "left"


DEEDS = {each.__name__: each for each in (decide, withdraw, submit, ask, conflict)}

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "veikart.settings")
    main()
