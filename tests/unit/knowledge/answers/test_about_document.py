"""Questions about a document itself: number, date, issuer, how long it holds."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from knowledge.model import Answer

Ask = Callable[..., Answer]


@pytest.mark.parametrize(
    ("question", "lead"),
    [
        pytest.param("考核办法的文号是什么", "《考核办法》文号是内党农牧组发〔2021〕1号。", id="number"),
        pytest.param("政策措施文号", "《政策措施》文号是内党农牧组发〔2021〕1号。", id="number-of-an-annex"),
        pytest.param("规划文号是多少", "《规划》没有印文号。", id="without-a-number"),
        pytest.param("考核办法什么时候印发的", "《考核办法》2021年4月18日印发。", id="date"),
        pytest.param("规划哪一年印发的", "《规划》2022年9月20日印发。", id="year"),
        pytest.param("规划是谁印发的", "《规划》由鄂尔多斯市人民政府印发。", id="issuer"),
        pytest.param("规划管到哪一年", "《规划》管到2025年底。", id="end"),
        pytest.param(
            "考核办法还有效吗", "《考核办法》没有写有效期到哪天，2021年4月18日印发。", id="without-an-end"
        ),
    ],
)
def test_what_is_known_of_a_document(ask: Ask, question: str, lead: str) -> None:
    assert ask(question).lead == lead


def test_the_full_title_stands_below_the_short_name(ask: Ask) -> None:
    text = ask("规划是谁印发的").text
    assert "《鄂尔多斯市“十四五”巩固拓展脱贫攻坚成果同乡村振兴有效衔接规划》" in text


def test_without_a_name_all_documents_are_told(ask: Ask) -> None:
    text = ask("这些文件还有效吗").text
    assert "内党农牧组发〔2021〕1号" in text and "鄂尔多斯市人民政府" in text


def test_a_date_of_something_else_is_not_the_date_of_the_document(ask: Ask) -> None:
    assert "2022年底前" in ask("规划里扶贫项目资产确权登记什么时候完成").lead
