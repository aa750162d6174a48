"""What is said while a case is worked on: consent, help, exit."""

from __future__ import annotations

from knowledge.rules import Step

ONLY_READING = "您的身份只能查看，不能办理。"
TO_VISIT, TO_CONSENT, TO_MEASURES = "走访记录", "农牧户授权", "帮扶措施"
STILL_KEPT = "您填的还存着，没有丢。"
CHANGED_MEANWHILE = "刚才有人改过这一户，请看一下现在的，再决定。"
KEEP_MINE, KEEP_THEIRS = "还是用我填的", "用别人填的，我的不要了"


def not_your_task(step: Step) -> str:
    return f"这一项不由您办：{step.who}。"


def not_now(step: Step) -> str:
    where = f"第{step.number}步“{step.label}”" if step.number else f"“{step.label}”"
    return f"这一户现在走到{where}，这一项现在不能办。"


def overtaken(who: str) -> str:
    by = who or "别人"
    return f"您填的时候，{by}也填了这一项，已经存下了。您要用自己填的，还是用{by}填的？"
