"""Lists of places, the identification procedure, and what `check` finds in the two real documents."""

from __future__ import annotations

from knowledge.model import Document


def test_designated_banners_and_villages(plan: Document) -> None:
    found = {(p.designation, p.group): p for p in plan.lists}
    assert found["示范引领旗区", ""].names == ("伊金霍洛旗", "乌审旗")
    assert found["重点帮扶旗区", ""].names == ("杭锦旗", "达拉特旗", "鄂托克旗")
    assert found["整体推进旗区", ""].names == ("东胜区", "康巴什区", "准格尔旗", "鄂托克前旗")
    demo = found["示范引领嘎查村", ""]
    assert (demo.stated, len(demo.names), demo.names[0], demo.names[-1]) == (20, 20, "折家梁村", "麻黄套村")


def test_a_name_without_its_suffix_stays_in_the_list(plan: Document) -> None:  # V04
    towns = next(p for p in plan.lists if p.designation == "重点帮扶苏木镇")
    assert (towns.stated, len(towns.names), towns.names[-1]) == (7, 7, "塔然高勒")


def test_87_villages_stand_under_eight_banners(plan: Document) -> None:  # V01, V03, V08, V09
    groups = {p.group: (p.stated, len(p.names)) for p in plan.lists if p.group}
    assert groups == {
        "东胜区": (1, 1),
        "达拉特旗": (15, 15),
        "准格尔旗": (17, 17),
        "伊金霍洛旗": (14, 14),
        "乌审旗": (6, 6),
        "杭锦旗": (20, 20),
        "鄂托克旗": (7, 7),
        "鄂托克旗前旗": (7, 7),  # as printed; what it means is a correction
    }
    names = [name for p in plan.lists if "旗区" not in p.designation for name in p.names]
    assert len(names) == len(set(names)) == 20 + 7 + 87


def test_similar_names_and_rare_characters_are_kept(plan: Document) -> None:  # V07, V12
    groups = {p.group: p.names for p in plan.lists}
    assert {"巴音嘎查", "巴音村", "乌兰木独村"} <= set(groups["杭锦旗"])
    assert "圐圙嘎查" in groups["鄂托克旗前旗"]
    assert {"王家豪村", "三倾地村"} <= set(groups["达拉特旗"])


def test_identification_has_eight_steps(plan: Document) -> None:
    (procedure,) = plan.procedures
    assert procedure.steps == (
        "农牧户申请",
        "走访排查",
        "农牧户授权",
        "民主评议公开",
        "苏木乡镇审核",
        "数据比对",
        "旗区审定公示",
        "录入系统管理",
    )
    assert plan.clauses[procedure.clause_index].heading == "一、优化监测方式和程序"


def test_check_finds_that_67_villages_are_87(plan: Document) -> None:
    (issue,) = plan.issues
    assert issue.kind == "sum"
    assert issue.where.endswith("专栏10：三级示范创建名单")
    assert "67" in issue.message and "87" in issue.message


def test_check_finds_weights_that_differ_from_their_rows(method: Document) -> None:  # D01–D03
    sums = {
        i.where.split("》")[1]: i.message
        for i in method.issues
        if i.kind == "sum" and "印为4" not in i.message
    }
    assert sums == {
        "“生态宜居”": "权重印为16.5，其下各行分值相加为20.5",
        "“乡风文明”": "权重印为9，其下各行分值相加为5",
        "“巩固拓展脱贫攻坚成果同乡村振兴有效衔接”": "权重印为20，其下各行分值相加为26",
        "“组织保障”": "权重印为14，其下各行分值相加为5",
    }


def test_check_finds_the_stray_weight(method: Document) -> None:  # D03
    assert any(i.kind == "sum" and i.message.startswith("权重印为4，") for i in method.issues)


def test_check_finds_the_numbers_that_are_not_printed(method: Document) -> None:  # D04
    (issue,) = (i for i in method.issues if i.kind == "numbering")
    assert "第58项与第61项之间" in issue.where
    assert issue.message == "缺少序号59、60"


def test_check_finds_empty_departments_and_torn_rows(method: Document) -> None:  # D05, D09–D14
    empty = [i.where.split("》")[1] for i in method.issues if i.kind == "empty-cell"]
    assert [where for where in empty if "考核单位" in where] == [
        "“考核单位”栏第2行",
        "“考核单位”栏第4—5行",
        "“考核单位”栏第8—9行",
        "“考核单位”栏第11行",
        "“考核单位”栏第44—45行",
        "“考核单位”栏第47行",
        "“考核单位”栏第58—59行",
    ]
    assert [where for where in empty if "考核内容" in where] == [
        "“考核内容”栏第57行",
        "“考核内容”栏第59行",
        "“考核内容”栏第61—62行",
    ]


def test_check_finds_cells_in_the_wrong_column(method: Document) -> None:  # D06–D08
    types = [(i.where.split("》")[1], i.message) for i in method.issues if i.kind == "cell-type"]
    assert types == [
        ("“分值”栏第60行", "应为数字，印为“—”"),
        ("“分值”栏第61行", "应为数字，印为“—”"),
        ("“分值”栏第62行", "应为数字，印为“—”"),
        ("“考核单位”栏第61行", "应为文字，印为“1”"),
    ]


def test_headers_repeated_on_every_page_are_no_rows(method: Document) -> None:  # D28
    (table,) = method.tables
    assert table.header == ("考核项目", "权重", "考核内容", "单位", "分值", "考核单位")
    assert not any(row.cells == table.header for row in table.rows)


def test_sums_that_agree_are_no_issue(plan: Document) -> None:  # F03
    projects = next(table for table in plan.tables if table.path[-1].startswith("专栏7"))
    assert not any(projects.title in issue.where for issue in plan.issues)
