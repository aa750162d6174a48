"""The routes and forms of working on a case between report and exit."""

from __future__ import annotations

from collections.abc import Mapping

from handlers import case_consent, case_exit, case_measures, case_visit
from handlers.filling import Ledger
from handlers.form_consent import CONSENT
from handlers.form_exit import EXIT
from handlers.form_measure import MEASURE, MEASURE_END
from handlers.turn import Handler

ROUTES: Mapping[str, Handler] = {
    "visit:": case_visit.open_part,
    "consent:": case_consent.open_part,
    "measure:": case_measures.open_part,
    "exit:": case_exit.open_part,
}
LEDGERS: Mapping[str, Ledger] = {
    **case_visit.LEDGERS,
    CONSENT: case_consent.LEDGER,
    MEASURE: case_measures.LEDGER,
    MEASURE_END: case_measures.END_LEDGER,
    EXIT: case_exit.LEDGER,
}
