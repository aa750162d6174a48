"""The outline of the two real documents: every unit with its path, and what page breaks tore."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.model import Clause, Document

SOURCES = Path(__file__).parents[4] / "knowledge" / "sources"
ClauseAt = Callable[[Document, str], Clause]


def outline(document: Document) -> list[tuple[int, str, str]]:
    return [(len(clause.path), clause.label, clause.title) for clause in document.clauses if clause.label]


def test_notice_and_annexes_are_documents_of_their_own(regional: tuple[Document, ...]) -> None:
    assert [(d.label, d.title, d.number, str(d.date)) for d in regional] == [
        (
            "",
            "关于印发《内蒙古自治区实施乡村振兴战略考核办法(修订)》"
            "《内蒙古自治区关于推进产业扶贫与产业振兴衔接的政策措施》的通知",
            "内党农牧组发〔2021〕1号",
            "2021-04-18",
        ),
        ("附件1", "内蒙古自治区实施乡村振兴战略考核办法", "内党农牧组发〔2021〕1号", "2021-04-18"),
        (
            "附件2",
            "内蒙古自治区关于推进产业扶贫与产业振兴衔接的政策措施",
            "内党农牧组发〔2021〕1号",
            "2021-04-18",
        ),
    ]


def test_the_plan_is_found_behind_its_notice_without_the_word_annex(plan: Document) -> None:
    assert plan.title == "鄂尔多斯市“十四五”巩固拓展脱贫攻坚成果同乡村振兴有效衔接规划"
    assert (plan.number, str(plan.date)) == (None, "2022-09-20")


def test_articles_of_the_method(method: Document) -> None:
    assert outline(method) == [
        (0, "第一条", ""),
        (0, "第二条", ""),
        (0, "第三条", ""),
        (0, "第四条", ""),
        (1, "（一）", "产业兴旺"),
        (1, "（二）", "生态宜居"),
        (1, "（三）", "乡风文明"),
        (1, "（四）", "治理有效"),
        (1, "（五）", "生活富裕"),
        (1, "（六）", "巩固拓展脱贫攻坚成果同乡村振兴有效衔接"),
        (1, "（七）", "组织保障"),
        (0, "第五条", ""),
        (1, "1.", "平时监控"),
        (1, "2.", "年终考核"),
        (1, "3.", "数据汇总"),
        (0, "第六条", ""),
        (0, "第七条", ""),
        (0, "第八条", ""),
        (0, "第九条", ""),
        (0, "附表", "内蒙古自治区实施乡村振兴战略考核指标"),
    ]


def test_same_numbers_under_different_headings_keep_their_own_paths(measures: Document) -> None:
    firsts = [clause.path for clause in measures.clauses if clause.label == "（一）"]
    assert firsts == [
        ("一、有序做好规划衔接",),
        ("二、保持产业扶贫主要政策稳定",),
        ("三、推动贫困地区产业可持续发展",),
        ("四、健全完善长效机制",),
        ("五、切实加强组织保障",),
    ]
    assert Counter(clause.label for clause in measures.clauses if clause.path)["（四）"] == 4


def test_units_of_the_plan_by_level(plan: Document) -> None:
    kinds = Counter(re.sub("[一二三四五六七八九十0-9]+", "N", clause.label) for clause in plan.clauses)
    assert kinds == {"": 1, "第N章": 5, "第N节": 18, "——": 5, "N、": 25, "（N）": 35, "N.": 3, "专栏N": 11}


def test_titles_are_whole_however_they_were_printed(plan: Document) -> None:
    chapters = [clause.title for clause in plan.clauses if clause.label.endswith("章")]
    assert chapters == [
        "背景",
        "总体要求",
        "扎实巩固拓展脱贫攻坚成果",
        "有序推进巩固脱贫攻坚成果同乡村振兴有效衔接",
        "保障措施",
    ]


@pytest.mark.parametrize(
    ("locator", "path"),
    [
        (
            "三、严格把握退出质量关口 › （二）风险消除要求",
            (
                "第三章 扎实巩固拓展脱贫攻坚成果",
                "第一节 健全防止返贫动态监测和帮扶机制",
                "三、严格把握退出质量关口",
            ),
        ),
        (
            "一、发展乡村优势特色产业 › （二）推动乡村三次产业融合发展",
            (
                "第四章 有序推进巩固脱贫攻坚成果同乡村振兴有效衔接",
                "第二节 推进产业发展和就业帮扶衔接",
                "一、发展乡村优势特色产业",
            ),
        ),
        (
            "（一）明确产权主体管护责任",
            (
                "第三章 扎实巩固拓展脱贫攻坚成果",
                "第四节 加强扶贫项目资产后续监管",
                "二、规范扶贫项目资产后续管护运营",
            ),
        ),
        (
            "二、推进金融服务政策衔接",
            ("第四章 有序推进巩固脱贫攻坚成果同乡村振兴有效衔接", "第一节 推进政策衔接"),
        ),
    ],
)
def test_boxes_do_not_swallow_what_follows(
    plan: Document, clause_at: ClauseAt, locator: str, path: tuple[str, ...]
) -> None:
    assert clause_at(plan, locator).path == path


def test_boxes_hang_on_their_section(plan: Document) -> None:
    places = {c.label: c.path[-1].split(" ")[0] for c in plan.clauses if c.label.startswith("专栏")}
    assert list(places.items()) == [
        ("专栏1", "第三节"),
        ("专栏2", "第一节"),
        ("专栏3", "第二节"),
        ("专栏4", "第三节"),
        ("专栏5", "第一节"),
        ("专栏6", "第一节"),
        ("专栏7", "第二节"),
        ("专栏8", "第二节"),
        ("专栏9", "第三节"),
        ("专栏10", "第三节"),
        ("专栏11", "第三节"),
    ]


def test_a_box_holds_all_its_paragraphs(plan: Document) -> None:
    boxes = {clause.label: clause.full_text for clause in plan.clauses if clause.label.startswith("专栏")}
    assert "具体监测周期：每年按季度开展一次" in boxes["专栏2"]
    assert boxes["专栏3"].count("行动：") == 5
    assert len(boxes["专栏4"].split("\n")) == 9
    assert boxes["专栏6"].endswith("多层次、大规模的新型职业农牧民素质培训。")
    assert "重点村控制在全市嘎查村的10%以内" in boxes["专栏9"]
    assert "2025年旗县级以上文明村占比达到60%" in boxes["专栏11"]


def test_unnumbered_paragraphs_stay_with_the_item_before_them(plan: Document, clause_at: ClauseAt) -> None:
    item = clause_at(plan, "（二）推动乡村三次产业融合发展")
    for beginning in ("延伸农牧业产业链。", "支持乡村文旅产业融合发展。", "支持乡村光伏产业有序发展。"):
        assert any(paragraph.startswith(beginning) for paragraph in item.text.split("\n"))


@pytest.mark.parametrize(
    ("document", "joined"),
    [
        ("measures", "促进农村牧区低收入群体就业增收"),
        ("measures", "由旗县农牧部门根据区域主导产业发展要求"),
        ("measures", "统筹兼顾脱贫旗县与其他旗县的实际情况"),
        ("measures", "探索空闲土地盘活利用方式,整治盘活的农村建设用地"),
        ("method", "人才振兴,以及推进中的亮点工作等情况"),
    ],
)
def test_page_breaks_leave_no_gap(document: str, joined: str, request: pytest.FixtureRequest) -> None:
    parsed: Document = request.getfixturevalue(document)
    assert any(joined in clause.text for clause in parsed.clauses)


def test_references_inside_the_text_open_nothing(method: Document, plan: Document) -> None:
    labels = [clause.label for clause in method.clauses if clause.label.endswith("条")]
    assert len(labels) == len(set(labels)) == 9
    assert not any(clause.label.endswith("条") for clause in plan.clauses)


def printed_label(text: str) -> str:
    """As labels are written: full-width brackets, no spaces."""
    return text.replace("(", "（").replace(")", "）")


@pytest.mark.parametrize("name", ["neimenggu-2021-1.txt", "ordos-2022-plan.txt"])
def test_offsets_begin_with_the_label_and_contain_the_text(name: str, request: pytest.FixtureRequest) -> None:
    text = (SOURCES / name).read_text("utf-8")
    parsed = request.getfixturevalue("regional" if name.startswith("nei") else "plan")
    for document in parsed if isinstance(parsed, tuple) else (parsed,):
        for clause in document.clauses:
            assert clause.start is not None and clause.end is not None
            piece = text[clause.start : clause.end]
            assert printed_label(piece).startswith(clause.label)
            squeezed = re.sub(r"\s", "", piece)
            assert all(re.sub(r"\s", "", line) in squeezed for line in clause.text.split("\n"))


def test_offsets_of_children_lie_inside_their_parent(plan: Document) -> None:
    spans = {clause.locator: (clause.start, clause.end) for clause in plan.clauses if clause.label}
    for clause in plan.clauses:
        if clause.path and clause.start is not None and clause.end is not None:
            parent = spans[" › ".join(part.replace("专栏9：", "专栏9 ") for part in clause.path)]
            assert parent[0] is not None and parent[1] is not None
            assert parent[0] <= clause.start < clause.end <= parent[1]


def test_no_character_of_a_source_is_lost(regional: tuple[Document, ...], plan: Document) -> None:
    for name, documents in (("neimenggu-2021-1.txt", regional), ("ordos-2022-plan.txt", (plan,))):
        held = "".join(
            part
            for d in documents
            for part in (
                *(d.title, d.label, d.number or ""),
                *(f"{c.label}{c.title}{c.text}" for c in d.clauses),
                *("".join((t.title, *t.header, *(f"{r.raw}{r.cells}" for r in t.rows))) for t in d.tables),
            )
        )
        held = printed_label(re.sub(r"\s", "", held))
        text = (SOURCES / name).read_text("utf-8")
        text = text[text.index("2022年9月20日") + 10 if name.startswith("ordos") else 0 :]
        for line in text.split("\n"):
            cells = (printed_label(re.sub(r"\s|(?<=\d)：|(?<=\d )：", "", cell)) for cell in line.split("\t"))
            missing = [
                cell for cell in cells if cell and cell not in held and "2021年4月18日修订" not in cell
            ]
            assert not missing, line
