"""Settling: the gateway's settlement report is read, right or wrong."""

import tempfile
from pathlib import Path

from segue.connectors.simulated.settlement import WRONGS, settlement_report
from segue.reconciling import Terms, reconcile
from segue.scenario.forms import Field, Form, brief, list_of
from segue.scenario.kinds import DURATION, one_of
from segue.scenario.stage import Impossible, Stage
from segue.scenario.steps.verb import Values, Verb

WRONG = list_of(one_of("mistake", *WRONGS))._replace(called="a list of mistakes")
REPORT: Form = {
    "wrong": Field(WRONG, "what is wrong with its lines, from the first one on"),
    "grace": Field(DURATION, "how long settling may take before something is missing; nothing"),
}


def settles(stage: Stage, values: Values) -> None:
    """The gateway writes its report, and we read it. Raises Impossible if it has fewer lines than mistakes."""
    rows, wrong = stage.world.gateway.ledger(), values.get("wrong", [])
    lines = sum(row.operation in ("capture", "refund") for row in rows)
    if len(wrong) > lines:
        raise Impossible(f"a report with {len(wrong)} lines", f"{lines} captures and refunds")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.csv"
        path.write_text(settlement_report(rows, wrong), encoding="utf-8")
        reconcile(stage.app, path, Terms(grace_s=values.get("grace", 0)))


VERBS = {"settles": Verb("the gateway's settlement report is read", brief("wrong", WRONG, REPORT), settles)}
