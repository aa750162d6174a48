"""The eight steps by which a household is identified."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from knowledge.model import Answer, Status

Ask = Callable[..., Answer]
STEPS = (
    "农牧户申请", "走访排查", "农牧户授权", "民主评议公开",
    "苏木乡镇审核", "数据比对", "旗区审定公示", "录入系统管理",
)  # fmt: skip


@pytest.mark.parametrize(
    "question", ["防返贫识别程序有哪几步", "监测对象怎么申请", "老百姓咋申请监测"], ids=ascii
)
def test_all_steps_come_in_order(ask: Ask, question: str) -> None:
    assert ask(question).lead == f"共8步：{'→'.join(STEPS)}。"


@pytest.mark.parametrize(
    ("question", "number"),
    [
        pytest.param("民主评议公开之后是哪一步", 5, id="next"),
        pytest.param("数据比对前一步是什么", 5, id="previous"),
        pytest.param("识别程序第三步是什么", 3, id="by-number"),
        pytest.param("识别程序第3步是什么", 3, id="by-arabic-number"),
        pytest.param("识别程序第一步是什么", 1, id="first"),
    ],
)
def test_a_single_step_is_named_with_its_place(ask: Ask, question: str, number: int) -> None:
    assert ask(question).lead == f"第{number}步是“{STEPS[number - 1]}”（共8步）。"


def test_a_step_named_is_not_taken_for_an_indicator(ask: Ask) -> None:
    assert "苏木乡镇审核" in ask("苏木乡镇审核是第几步").lead


def test_the_last_step_is_called_the_last(ask: Ask) -> None:
    assert ask("识别程序最后一步是什么").lead == "最后一步是“录入系统管理”（共8步）。"


def test_the_whole_chain_stands_below_a_single_step(ask: Ask) -> None:
    text = ask("民主评议公开之后是哪一步").text
    assert all(f"{number}. {step}" in text for number, step in enumerate(STEPS, 1))


def test_no_deadline_is_promised(ask: Ask) -> None:
    assert "文件没有规定每一步的办理时限。" in ask("防返贫识别程序有哪几步").notices


def test_how_long_it_takes_is_not_found(ask: Ask) -> None:
    assert ask("旗区审定公示要公示几天").status is Status.NOT_FOUND


def test_the_place_of_a_step_is_told(ask: Ask) -> None:
    assert ask("苏木乡镇审核是第几步").lead == "第5步是“苏木乡镇审核”（共8步）。"


def test_one_can_ask_on_step_by_step(ask: Ask) -> None:
    assert "第6步是“数据比对”" in ask("民主评议公开之后是哪一步", "那再往下呢").lead


def test_leaving_the_list_is_another_procedure(ask: Ask) -> None:
    assert "农牧户申请" not in ask("风险消除怎么走程序").lead
