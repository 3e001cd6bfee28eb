from django.urls import path

from phases.views import conditions, decisions, gate, modes, review, seats, since

_GATE = "<int:project_id>/beslutningspunkt/<slug:phase_key>/"
_SUBMISSION = "<int:project_id>/innsending/<int:submission_id>/"

urlpatterns = [
    path("beslutningspunkter/", modes.organisation_gates, name="organisation_gates"),
    path(_GATE, gate.gate, name="gate"),
    path(f"{_GATE}krav/<slug:criterion_key>/", gate.criterion, name="criterion"),
    path(f"{_GATE}send-inn/", gate.submit, name="submit"),
    path(f"{_GATE}modus/", modes.gate_mode, name="gate_mode"),
    path(_SUBMISSION, review.review, name="review"),
    path(f"{_SUBMISSION}beslutt/", review.decide, name="decide"),
    path(f"{_SUBMISSION}trekk/", gate.withdraw, name="withdraw"),
    path(f"{_SUBMISSION}inhabil/", seats.conflict, name="conflict"),
    path(f"{_SUBMISSION}beslutter/<int:decider_id>/", seats.replacement, name="replacement"),
    path(f"{_SUBMISSION}sporsmal/", seats.ask, name="ask"),
    path(f"{_SUBMISSION}sporsmal/<int:question_id>/", seats.answer, name="answer"),
    path("<int:project_id>/beslutninger/", decisions.decisions, name="decisions"),
    path("<int:project_id>/beslutninger/<int:decision_id>/", decisions.decision, name="decision"),
    path(
        "<int:project_id>/beslutninger/<int:decision_id>/endringer/",
        since.decision_changes,
        name="decision_changes",
    ),
    path(
        "<int:project_id>/vilkar/<int:condition_id>/",
        conditions.condition_close,
        name="condition_close",
    ),
    path(
        "<int:project_id>/vilkar/<int:condition_id>/ny-ansvarlig/",
        conditions.condition_reassign,
        name="condition_reassign",
    ),
    path(
        "<int:project_id>/vilkar/<int:condition_id>/vedlegg/",
        conditions.condition_evidence,
        name="condition_evidence",
    ),
    path("<int:project_id>/vedlegg/<int:answer_id>/", gate.evidence, name="evidence"),
    path("<int:project_id>/fase/<slug:phase_key>/avslutt/", gate.close_phase, name="close_phase"),
    path("<int:project_id>/gjenoppta/", gate.resume, name="resume"),
]
