"""The files that are handed out: ledger, statistics, public notice. Pure functions of rows."""

from handlers.exports.notice import PrivateDataError, public_notice, public_reasons
from handlers.exports.picture import statistics_picture
from handlers.exports.rows import About, BannerCounts, LedgerRow, NoticeHead, NoticeRow, Statistics
from handlers.exports.statistics import statistics_workbook
from handlers.exports.workbook import ledger_workbook
from handlers.wording_exports import HelpKind, NoticeStage, PublicReason

__all__ = [
    "About",
    "BannerCounts",
    "HelpKind",
    "LedgerRow",
    "NoticeHead",
    "NoticeRow",
    "NoticeStage",
    "PrivateDataError",
    "PublicReason",
    "Statistics",
    "ledger_workbook",
    "public_notice",
    "public_reasons",
    "statistics_picture",
    "statistics_workbook",
]
