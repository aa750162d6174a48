"""Rows as records: the 62 indicators of the assessment, the plan's figures, and what is only inferred."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from knowledge import corrections
from knowledge.library import check_file
from knowledge.model import Document, Row, Table
from knowledge.records import Figures, Indicator, dimensions, figures, indicators, measures, points_sum

SOURCES = Path(__file__).parents[3] / "knowledge" / "sources"
EXPECTED = Path(__file__).with_name("indicators.csv")  # ? stands for points that the source leaves undecided


@pytest.fixture(scope="module")
def method() -> Document:
    return check_file(SOURCES / "neimenggu-2021-1.txt", "neimenggu-2021-1.txt")[1]


@pytest.fixture(scope="module")
def rows(method: Document) -> dict[int | None, Indicator]:
    texts = {path.name: path.read_text("utf-8") for path in SOURCES.glob("*.txt")}
    return {row.number: row for row in indicators(method, corrections.load(SOURCES, texts).rows)}


@pytest.fixture(scope="module")
def plan() -> Document:
    return check_file(SOURCES / "ordos-2022-plan.txt", "ordos-2022-plan.txt")[1]


def expected() -> list[dict[str, str]]:
    with EXPECTED.open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="|"))


def test_64_printed_rows_are_62_indicators(method: Document, rows: dict[int | None, Indicator]) -> None:
    assert [len(table.rows) for table in method.tables] == [64]
    assert list(rows) == list(range(1, 63))


@pytest.mark.parametrize("row", expected(), ids=lambda row: row["number"])
def test_an_indicator_is_read_as_the_source_means_it(
    row: dict[str, str], rows: dict[int | None, Indicator]
) -> None:
    found = rows[int(row["number"])]
    assert (found.name, found.dimension, found.unit) == (row["name"], row["dimension"], row["unit"])
    assert "、".join(found.departments) == row["departments"]
    assert "、".join(found.printed_departments) == row["printed_departments"]
    assert found.points == row["points"] or (row["points"] == "?" and "无法确定" in found.points)


def test_weights_add_up_once_rows_stand_in_their_dimension(rows: dict[int | None, Indicator]) -> None:
    groups = dimensions(tuple(rows.values()))
    assert [(group.name, group.weight, points_sum(group.indicators)) for group in groups] == [
        ("产业兴旺", "18", "18"),
        ("生态宜居", "16.5", "16.5"),
        ("乡风文明", "9", "9"),
        ("治理有效", "15.5", "15.5"),
        ("生活富裕", "7", "7"),
        ("巩固拓展脱贫攻坚成果同乡村振兴有效衔接", "20", "20"),
        ("组织保障", "14", "11"),  # 57 and 58 share the other three
        ("加分项", "", "4"),
    ]


@pytest.mark.parametrize(
    ("numbers", "fields", "notice"),
    [
        ((25, 26, 27), {"dimension"}, "应属“乡风文明”"),  # D01
        ((53, 54), {"dimension"}, "应属“组织保障”"),  # D02
        ((61,), set(), "错印高了一行"),  # D03
        ((62,), {"name", "dimension"}, "加分项"),  # D03
        ((59,), {"number", "departments"}, "没有印第59项编号"),  # D04, D07
        ((60,), {"number", "points"}, "没有印第60项编号"),  # D04, D08
        ((57, 58), {"departments", "points"}, "合计3分"),  # D05
        ((58,), {"name", "unit"}, "列错位"),  # D06
        ((2,), {"departments"}, "也可能与第1项同为科技厅"),  # D09
        ((4, 5), {"departments"}, "第4、5项考核单位栏为空"),  # D10
        ((8, 9), {"departments"}, "上一行是统计局、下一行是农牧厅"),  # D11
        ((11,), {"departments"}, "第11项考核单位栏为空"),  # D12
        ((42, 43, 44, 45), {"departments"}, "与第7项的统计局不是同一单位"),  # D13
        ((47,), {"departments"}, "第47项考核单位栏为空"),  # D14
        ((14,), {"name"}, "应为“生活垃圾收运”"),  # D15
        ((37,), {"name"}, "“经济”二字重复"),  # D16
        ((49,), {"name"}, "特色种养业"),  # D17
        ((51,), set(), "疑有误"),  # D18
        ((55,), {"name"}, "农村牧区"),  # D19
        ((48,), set(), "“发改委”即“发展改革委”"),  # D20
        ((50,), set(), "没有划分各自的分值"),  # D23
        ((44,), set(), "与“面积”不符"),  # D24
        ((27, 32, 34, 40, 55), set(), "计量单位按源表照录"),  # D25
        ((28,), set(), "归类仅供参考"),  # D31
    ],
)
def test_what_is_inferred_is_named_and_told(
    rows: dict[int | None, Indicator], numbers: tuple[int, ...], fields: set[str], notice: str
) -> None:
    for number in numbers:
        assert fields <= rows[number].inferred
        assert any(notice in told for told in rows[number].notices)


def test_nothing_is_inferred_where_the_row_is_whole(rows: dict[int | None, Indicator]) -> None:
    whole = [number for number, row in rows.items() if not row.inferred and not row.notices]
    assert {1, 3, 6, 7, 10, 12, 13, 33, 41, 46, 52} <= set(whole)


def test_decimal_points_survive(rows: dict[int | None, Indicator]) -> None:  # D32
    assert [rows[k].points for k in (13, 41)] == ["1.5", "1.5"]


def test_a_comma_inside_a_name_separates_nothing(rows: dict[int | None, Indicator]) -> None:  # D33
    assert rows[41].name == "达到消防安全建设标准的苏木乡镇、嘎查村占比"
    assert rows[50].departments == ("民政厅", "扶贫办")


def test_the_printed_row_is_kept(rows: dict[int | None, Indicator]) -> None:
    assert rows[14].printed_name == "生垃圾收运处置体系覆盖的行政村占比"
    assert rows[26].printed_dimension == "生态宜居"
    assert rows[14].quote == "14 生垃圾收运处置体系覆盖的行政村占比  %  1  住建厅"
    assert rows[33].locator == "附表 第33项"


def by_label(found: tuple[Figures, ...]) -> dict[str, Figures]:
    return {figure.label: figure for figure in found}


def test_the_sixteen_targets_of_the_plan(plan: Document) -> None:
    targets = [f for f in figures(plan) if f.table.path[-1].startswith("专栏1：")]
    assert [f.number for f in targets] == list(range(1, 17))
    assert [(f.value("2021"), f.value("2025")) for f in targets[4:16]] == [
        ("71.4", "75"),
        ("10万元以上占比100%；20万元以上占比43%", "50万元以上占比超过30%"),
        *[("100", "100")] * 4,
        ("65", "100"),
        ("69.2", "＞75"),
        ("43", "＞50"),
        ("83", "＞85"),
        ("30", "39"),
        ("93", "95"),
    ]
    assert {f.value("属性") for f in targets} == {"约束性", "预期性"}


def test_one_cell_over_two_years_is_marked_as_shared(plan: Document) -> None:  # P01
    targets = [f for f in figures(plan) if f.table.path[-1].startswith("专栏1：")]
    assert [f.shared_years for f in targets] == [True] * 4 + [False] * 12
    assert targets[2].value("2021") == targets[2].value("2025") == "动态清零"


def test_a_cell_broken_by_a_page_is_whole(plan: Document) -> None:
    low_income = figures(plan)[4]
    assert (low_income.label, low_income.unit) == ("农村牧区低保标准占城市低保标准比例（%）", "%")


def test_funds_by_year_carry_their_unit(plan: Document) -> None:  # F04, F06, F07
    funds = [f for f in figures(plan) if "专栏5" in f.table.path[-1]]
    assert [(f.label, f.unit, [cell for _, cell in f.cells]) for f in funds] == [
        ("市本级资金", "万元", ["18286", "18300", "18310", "18320", "18330"]),
        ("市本级资金", "万元", ["4920", "4930", "4940", "4950", "4960"]),
    ]


def test_projects_under_a_header_of_two_levels(plan: Document) -> None:  # F03, F08
    projects = by_label(tuple(f for f in figures(plan) if "专栏7" in f.table.path[-1]))
    assert projects["合计"].value("计划总投资（亿元）") == "56.92"
    assert projects["教育医疗救助类"].cells == (
        ("计划实施总数（个）", "67"),
        ("计划总投资（亿元）", "0.86"),
        ("其中争取专项资金（亿元）", "0.69"),
        ("2021年", "24"),
        ("2022年", "7"),
        ("2023年", "10"),
        ("2024年", "10"),
        ("2025年", "16"),
    )


def test_the_21_measures_name_their_departments() -> None:
    document = check_file(SOURCES / "neimenggu-2021-1.txt", "neimenggu-2021-1.txt")[2]
    found = {measure.clause.locator: measure.clause.departments for measure in measures(document)}
    assert len(found) == 21
    assert found["二、保持产业扶贫主要政策稳定 › （四）稳定土地支持政策"] == ("自治区自然资源厅",)
    assert found["二、保持产业扶贫主要政策稳定 › （二）稳定金融信贷政策"] == (
        "人民银行呼和浩特中心支行",
        "内蒙古银保监局",
        "自治区财政厅",
        "地方金融监管局",
        "扶贫办",
    )
    assert len(found["五、切实加强组织保障 › （一）强化组织领导"]) == 21
    assert [len(bodies) for bodies in found.values()] == [
        *(7, 4, 4, 5, 4, 1, 3, 6, 2, 2, 2, 3, 2, 5, 5, 5, 5, 21, 6, 5, 23)
    ]


# --- tables of other documents ----------------------------------------------------------------


def document_with(header: tuple[str, ...], *cells: tuple[str, ...], title: str = "考核指标") -> Document:
    rows = tuple(Row(row, "\t".join(row)) for row in cells)
    return Document(file="新.docx", title="新办法", tables=(Table(title, (), header, rows),))


def test_the_most_specific_level_names_the_indicator() -> None:
    document = document_with(
        ("一级指标", "二级指标", "三级指标", "权重", "责任单位"),
        ("产业", "特色产业", "肉牛存栏", "10", "盟农牧局"),
    )
    (row,) = indicators(document, ())
    assert (row.name, row.dimension, row.points) == ("肉牛存栏", "产业", "10")


def test_totals_are_no_indicators() -> None:
    document = document_with(
        ("序号", "考核指标", "分值", "责任单位"),
        ("1", "村规民约", "10分", "民政局"),
        ("合计", "合计", "10", ""),
    )
    assert [(row.name, row.points) for row in indicators(document, ())] == [("村规民约", "10")]


def test_a_row_across_the_table_names_the_dimension_and_its_weight() -> None:
    document = document_with(
        ("序号", "考核指标", "分值", "责任单位"),
        ("一、产业发展（30分）",) * 4,
        ("1", "粮食产量", "30", "农牧局"),
        ("二、乡村治理（20分）", "", "", ""),
        ("2", "村规民约", "20", "民政局"),
    )
    rows = indicators(document, ())
    assert [(row.name, row.dimension) for row in rows] == [("粮食产量", "产业发展"), ("村规民约", "乡村治理")]
    assert [(group.name, group.weight) for group in dimensions(rows)] == [
        ("产业发展", "30"),
        ("乡村治理", "20"),
    ]


def test_a_column_headed_unit_that_holds_bodies_names_departments() -> None:
    document = document_with(
        ("考核内容", "分值", "单位"), ("集中供水率", "5", "水务局"), ("信访化解", "3", "信访局、民政局")
    )
    assert [row.departments for row in indicators(document, ())] == [("水务局",), ("信访局", "民政局")]


def test_a_unit_column_gives_figures_their_unit() -> None:
    document = document_with(
        ("序号", "指标名称", "单位", "2023年", "2027年"), ("1", "自来水普及率", "%", "88", "95")
    )
    (figure,) = figures(document)
    assert (figure.label, figure.unit, figure.value("2027")) == ("自来水普及率", "%", "95")


def test_a_table_without_figures_has_none() -> None:
    assert figures(document_with(("旗县", "嘎查村"), ("镶黄旗", "甲嘎查"), ("正蓝旗", "乙嘎查"))) == ()
