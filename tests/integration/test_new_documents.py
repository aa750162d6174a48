"""Documents that the product has never seen, in every format it reads, with no change of code."""

from __future__ import annotations

import pytest

from knowledge.model import Document
from knowledge.records import dimensions, figures, indicators
from tests.integration.conftest import Parsed
from tests.integration.formats import WRITERS, Block, Cells, as_docx, as_html, as_pdf, as_text, as_xlsx

METHOD: list[Block] = [
    "通辽市人民政府办公室文件",
    "通政办发〔2023〕17号",
    "通辽市人民政府办公室关于印发《通辽市推进乡村振兴实绩考核办法》的通知",
    "各旗县市区人民政府，市直各部门：",
    "《通辽市推进乡村振兴实绩考核办法》已经市人民政府同意，现印发给你们，请认真贯彻执行。",
    "通辽市人民政府办公室",
    "二〇二三年五月八日",
    "附件",
    "通辽市推进乡村振兴实绩考核办法",
    "第一章　总则",
    "第一条　为了规范全市推进乡村振兴实绩考核工作，制定本办法。",
    "第二章　考核程序",
    "第二条　考核按照单位自评、部门核查、实地抽查、综合评定、结果反馈的程序进行。",
    "第三条　有下列情形之一的，按照本办法第二条规定的程序从重扣分：",
    "（一）弄虚作假的；",
    "（二）发生规模性返贫的。",
    "第三章　附则",
    "第四条　本办法自2023年6月1日起施行。",
    "附表",
    "通辽市推进乡村振兴实绩考核指标",
    Cells(
        [
            ["考核项目", "权重", "序号", "考核指标", "单位", "分值", "考核部门"],
            ["产业发展", "30", "1", "粮食产量增速", "%", "12", "市农牧局"],
            [None, None, "2", "肉牛良种化率", "%", "10", "市农牧局"],
            [None, None, "3", "农产品加工转化率", "%", "8", "市工信局"],
            ["乡村建设", "25", "5", "卫生厕所普及率", "%", "10", "市乡村振兴局"],
            [None, None, "6", "集中供水率", "%", "10", "市水务局、市卫健委"],
        ]
    ),
]


@pytest.fixture(params=list(WRITERS))
def method(request: pytest.FixtureRequest, parsed: Parsed) -> tuple[Document, ...]:
    return parsed(request.param, WRITERS[request.param](METHOD))


def test_head_of_another_leagues_method(method: tuple[Document, ...]) -> None:
    notice, annex = method
    assert notice.title == "通辽市人民政府办公室关于印发《通辽市推进乡村振兴实绩考核办法》的通知"
    assert (annex.label, annex.title) == ("附件", "通辽市推进乡村振兴实绩考核办法")
    for document in method:
        assert (document.number, str(document.date)) == ("通政办发〔2023〕17号", "2023-05-08")


def test_clauses_of_another_leagues_method(method: tuple[Document, ...]) -> None:
    assert [(clause.label, clause.path) for clause in method[1].clauses] == [
        ("第一章", ()),
        ("第一条", ("第一章 总则",)),
        ("第二章", ()),
        ("第二条", ("第二章 考核程序",)),
        ("第三条", ("第二章 考核程序",)),
        ("（一）", ("第二章 考核程序", "第三条")),
        ("（二）", ("第二章 考核程序", "第三条")),
        ("第三章", ()),
        ("第四条", ("第三章 附则",)),
        ("附表", ()),
    ]


def test_indicators_of_another_leagues_method(method: tuple[Document, ...]) -> None:
    rows = indicators(method[1], ())
    assert [(row.number, row.name, row.dimension, row.points, row.unit, row.departments) for row in rows] == [
        (1, "粮食产量增速", "产业发展", "12", "%", ("市农牧局",)),
        (2, "肉牛良种化率", "产业发展", "10", "%", ("市农牧局",)),
        (3, "农产品加工转化率", "产业发展", "8", "%", ("市工信局",)),
        (5, "卫生厕所普及率", "乡村建设", "10", "%", ("市乡村振兴局",)),
        (6, "集中供水率", "乡村建设", "10", "%", ("市水务局", "市卫健委")),
    ]
    assert [(group.name, group.weight) for group in dimensions(rows)] == [
        ("产业发展", "30"),
        ("乡村建设", "25"),
    ]
    assert {row.locator for row in rows} >= {"附表 第5项"}


def test_issues_of_another_leagues_method(method: tuple[Document, ...]) -> None:
    table = "《通辽市推进乡村振兴实绩考核指标》"
    issues = [(issue.kind, issue.where, issue.message) for issue in method[1].issues]
    assert ("numbering", f"{table}第3项与第5项之间", "缺少序号4") in issues
    assert ("sum", f"{table}“乡村建设”", "权重印为25，其下各行分值相加为20") in issues
    assert len(issues) == 2


def test_procedure_of_another_leagues_method(method: tuple[Document, ...]) -> None:
    (procedure,) = method[1].procedures
    assert procedure.steps == ("单位自评", "部门核查", "实地抽查", "综合评定", "结果反馈")


PLAN: list[Block] = [
    "赤峰市“十四五”推进农牧业农村牧区现代化发展规划",
    "第一章　发展基础",
    "“十三五”以来，全市农牧业取得长足进步。",
    "第二章　主要目标",
    "第一节　发展目标",
    "到2025年，全市农牧业现代化取得重要进展。",
    "专栏1：主要发展指标",
    Cells(
        [
            ["序号", "指标", "2021年", "2025年", "属性"],
            ["1", "粮食产量（亿斤）", "120", "125", "约束性"],
            ["2", "农村牧区自来水普及率（%）", "88", "92", "预期性"],
        ]
    ),
    "第二节　重点任务",
    "一、发展乡村产业",
    "（一）做强肉牛产业。肉牛存栏达到200万头。（责任单位：市农牧局、市财政局）",
    "专栏2　产业重点项目",
    Cells(
        [
            ["项目", "投资（万元）", "2023年", "2027年"],
            ["肉牛基地", "1,200", "3", "5"],
            ["冷链物流", "800", "1", "2"],
            ["合计", "2,100", "4", "7"],
        ]
    ),
    "（二）发展设施农业。推进设施农业提质增效。",
    "牵头单位：市农牧局",
    "配合单位：市水利局、各旗县区人民政府",
    "（三）培育经营主体。支持合作社发展。牵头单位：市农牧局 配合单位：市供销社、市金融办",
    "（四）推动农旅融合。打造精品线路。（市文旅局牵头，市农牧局、市交通运输局配合）",
    "（五）扩大消费帮扶。按规定执行。（市商务局、乡村振兴局按职责分工负责）",
    "二、分类推进示范创建",
    "重点帮扶嘎查村12个。阿鲁科尔沁旗3个：甲村、乙嘎查、丙村；"
    "巴林左旗4个：丁村、戊村、己村；敖汉旗5个：辛村、壬村、癸村、子村、丑村。",
    "第三章　保障措施",
    "落实第二章第一节明确的目标。",
]
PLAN_WRITERS = {"规划.txt": as_text, "规划.html": as_html, "规划.docx": as_docx, "规划.pdf": as_pdf}


@pytest.fixture(params=list(PLAN_WRITERS))
def plan(request: pytest.FixtureRequest, parsed: Parsed) -> Document:
    return parsed(request.param, PLAN_WRITERS[request.param](PLAN))[0]


def test_boxes_of_another_plan_interrupt_and_end(plan: Document) -> None:
    under_industry = [clause.label for clause in plan.clauses if clause.path[-1:] == ("一、发展乡村产业",)]
    assert under_industry == ["（一）", "（二）", "（三）", "（四）", "（五）"]
    boxes = [
        (clause.label, clause.title, clause.path[-1]) for clause in plan.clauses if "专栏" in clause.label
    ]
    assert boxes == [
        ("专栏1", "主要发展指标", "第一节 发展目标"),
        ("专栏2", "产业重点项目", "第二节 重点任务"),
    ]


def test_targets_of_another_plan(plan: Document) -> None:
    found = [(f.label, f.unit, f.value("2021"), f.value("2025")) for f in figures(plan)[:2]]
    assert found == [
        ("粮食产量（亿斤）", "亿斤", "120", "125"),
        ("农村牧区自来水普及率（%）", "%", "88", "92"),
    ]
    assert [(f.value("2023"), f.value("2027")) for f in figures(plan)[2:4]] == [("3", "5"), ("1", "2")]


def test_departments_in_every_wording(plan: Document) -> None:
    found = {clause.title: clause.departments for clause in plan.clauses if clause.departments}
    assert found == {
        "做强肉牛产业": ("市农牧局", "市财政局"),
        "发展设施农业": ("市农牧局", "市水利局", "各旗县区人民政府"),
        "培育经营主体": ("市农牧局", "市供销社", "市金融办"),
        "推动农旅融合": ("市文旅局", "市农牧局", "市交通运输局"),
        "扩大消费帮扶": ("市商务局", "乡村振兴局"),
    }


def test_places_listed_group_after_group_in_one_paragraph(plan: Document) -> None:
    assert [(p.designation, p.group, p.stated, len(p.names)) for p in plan.lists] == [
        ("重点帮扶嘎查村", "", 12, 0),
        ("重点帮扶嘎查村", "阿鲁科尔沁旗", 3, 3),
        ("重点帮扶嘎查村", "巴林左旗", 4, 3),
        ("重点帮扶嘎查村", "敖汉旗", 5, 5),
    ]


def test_sums_of_another_plan_are_checked(plan: Document) -> None:
    assert [issue.message for issue in plan.issues if issue.kind == "sum"] == [
        "合计印为2100，各行相加为2000",
        "重点帮扶嘎查村·巴林左旗写4个，列名3个",
        "重点帮扶嘎查村写12个，各组列名合计11个",
    ]


def shape(document: Document) -> list[tuple[int, str, str]]:
    return [(len(clause.path), clause.label, clause.title) for clause in document.clauses if clause.label]


def test_arabic_levels(parsed: Parsed) -> None:
    (document,) = parsed(
        "意见.txt",
        "关于做好防返贫监测工作的实施意见\n鄂府发〔2022〕45号\n各旗区：\n"
        "1. 总体要求\n坚持底线思维，健全防止返贫动态监测帮扶机制。\n（1）明确目标。到2025年全面建立。\n"
        "（2）压实责任。各旗区负总责。\n2. 工作任务\n（1）加强监测\n"
        "每月开展一次排查。\n① 数据比对；\n② 入户核实。\n"
        "鄂尔多斯市人民政府\n二〇二二年九月二十日\n",
    )
    assert shape(document) == [
        (0, "1.", "总体要求"),
        (1, "（1）", "明确目标"),
        (1, "（2）", "压实责任"),
        (0, "2.", "工作任务"),
        (1, "（1）", "加强监测"),
        (2, "①", ""),
        (2, "②", ""),
    ]
    assert (document.number, str(document.date)) == ("鄂府发〔2022〕45号", "2022-09-20")


def test_parts_above_lists(parsed: Parsed) -> None:
    (document,) = parsed(
        "方案.docx",
        as_docx(
            [
                "锡林郭勒盟乡村建设行动",
                "实施方案",
                "锡署办发[2021]3号",
                "第一部分 总体要求",
                "一、指导思想",
                "坚持党的领导。",
                "第二部分 重点任务",
                "一、 加强规划",
                "（一）编制规划",
                "按照“多规合一”要求编制。",
            ]
        ),
    )
    assert (document.title, document.number) == ("锡林郭勒盟乡村建设行动实施方案", "锡署办发[2021]3号")
    assert shape(document) == [
        (0, "第一部分", "总体要求"),
        (1, "一、", "指导思想"),
        (0, "第二部分", "重点任务"),
        (1, "一、", "加强规划"),
        (2, "（一）", "编制规划"),
    ]


def test_unnumbered_markdown_headings(parsed: Parsed) -> None:
    (document,) = parsed(
        "指南.md",
        "# 兴安盟乡村治理指南\n\n## 背景\n\n说明。\n\n### 目标\n"
        "\n- 治理\n\n## 措施\n\n### 积分制\n\n评定。\n",
    )
    assert shape(document) == [(0, "背景", ""), (1, "目标", ""), (0, "措施", ""), (1, "积分制", "")]


def test_markdown_headings_beside_numbered_ones(parsed: Parsed) -> None:
    (document,) = parsed(
        "条例.md", "# 条例\n\n## 第一章 总则\n\n第一条 为了规范。\n\n## 附则说明\n\n本条例由市人大解释。\n"
    )
    assert shape(document) == [(0, "第一章", "总则"), (1, "第一条", ""), (0, "附则说明", "")]


def test_lists_above_articles(parsed: Parsed) -> None:
    (document,) = parsed(
        "规定.txt",
        "某市规定\n一、一般规定\n第一条 为了规范。\n第二条 本规定适用于：\n"
        "（一）农牧民；\n（二）合作社。\n二、附则\n第三条 自印发之日起施行。\n",
    )
    assert shape(document) == [
        (0, "一、", "一般规定"),
        (1, "第一条", ""),
        (1, "第二条", ""),
        (2, "（一）", ""),
        (2, "（二）", ""),
        (0, "二、", "附则"),
        (1, "第三条", ""),
    ]
    assert document.issues == ()


def test_arabic_articles_with_references_at_line_starts(parsed: Parsed) -> None:
    (document,) = parsed(
        "办法.txt",
        "乌兰察布市村规民约管理办法\n（2022年3月15日市人民政府第3次常务会议通过）\n"
        "第1条 为规范管理，制定本办法。\n"
        "第2条 村规民约由村民会议制定，依照\n第1条规定报备。\n"
        "第3条　违反第２条的，责令改正。\n第5条 自印发之日起施行。\n",
    )
    assert [label for _, label, _ in shape(document)] == ["第1条", "第2条", "第3条", "第5条"]
    assert (document.title, str(document.date)) == ("乌兰察布市村规民约管理办法", "2022-03-15")
    assert [issue.message for issue in document.issues] == ["第5条之前缺少第4条"]


def test_articles_without_a_space_behind_the_number(parsed: Parsed) -> None:
    (document,) = parsed(
        "办法.txt",
        "包头市管理办法\n第一章总则\n第一条为了规范管理，制定本办法。\n第二条本办法适用于全市。\n"
        "第三条规定的事项由市农牧局负责。\n第二章附则\n第四条本办法由市农牧局解释。\n",
    )
    assert [label for _, label, _ in shape(document)] == [
        *("第一章", "第一条", "第二条", "第三条", "第二章", "第四条")
    ]


def test_wrapped_pdf_lines_are_paragraphs(parsed: Parsed) -> None:
    paragraph = (
        "（二）建立健全防止返贫动态监测和帮扶机制以及部门之间数据共享比对机制的要求。各旗市区要按照"
        "第一条第二款的规定执行，及时将符合条件的农牧户纳入监测对象，做到应纳尽纳、应帮尽帮，确保不漏一户一人，"
        "并于每月月底前更新监测信息，同时加强部门之间的信息共享与数据比对工作，切实防止规模性返贫情况的发生。"
    )
    (document,) = parsed(
        "措施.pdf",
        as_pdf(
            [
                "呼伦贝尔市若干政策措施",
                "一、保持政策稳定",
                paragraph.replace("（二）", "（一）"),
                paragraph,
                "二、保障",
            ]
        ),
    )
    assert [(label, title) for _, label, title in shape(document)] == [
        ("一、", "保持政策稳定"),
        ("（一）", "建立健全防止返贫动态监测和帮扶机制以及部门之间数据共享比对机制的要求"),
        ("（二）", "建立健全防止返贫动态监测和帮扶机制以及部门之间数据共享比对机制的要求"),
        ("二、", "保障"),
    ]
    assert document.clauses[2].text == paragraph


def test_a_title_over_several_lines(parsed: Parsed) -> None:
    (document,) = parsed(
        "通知.txt",
        "呼和浩特市人民政府关于\n\n印发全市乡村建设\n\n行动方案的通知\n"
        "呼政发﹝2022﹞8 号\n各旗县区：\n现印发给你们。\n",
    )
    assert document.title == "呼和浩特市人民政府关于印发全市乡村建设行动方案的通知"
    assert document.number == "呼政发﹝2022﹞8号"


def test_the_number_of_another_document_is_not_ones_own(parsed: Parsed) -> None:
    (document,) = parsed(
        "细则.txt",
        "某旗实施细则\n根据《某市办法》（通政办发〔2023〕17号）精神，制定本细则。\n一、范围\n适用于全旗。\n",
    )
    assert document.number is None


def test_annexes_with_their_titles_on_the_same_line(parsed: Parsed) -> None:
    documents = parsed(
        "通知.txt",
        "关于印发实施方案的通知\n各旗县：\n现印发给你们。\n附件：1.监测方案\n2.帮扶方案\n\n附件1：监测方案\n一、监测范围\n全体农牧户。\n"
        "附件2：帮扶方案\n一、帮扶措施\n产业帮扶。\n",
    )
    assert [(d.label, d.title) for d in documents] == [
        ("", "关于印发实施方案的通知"),
        ("附件1", "监测方案"),
        ("附件2", "帮扶方案"),
    ]


def test_a_sheet_of_villages_is_a_list_by_banner(parsed: Parsed) -> None:
    sheet = Cells(
        [
            ["序号", "旗县", "嘎查村"],
            ["1", "苏尼特左旗", "甲嘎查"],
            ["2", None, "乙嘎查"],
            ["3", "镶黄旗", "丙嘎查"],
        ]
    )
    (document,) = parsed("名单.xlsx", as_xlsx(["锡林郭勒盟重点帮扶嘎查村名单", sheet]))
    assert document.title == "锡林郭勒盟重点帮扶嘎查村名单"
    assert [(p.designation, p.group, p.names) for p in document.lists] == [
        ("锡林郭勒盟重点帮扶嘎查村名单", "苏尼特左旗", ("甲嘎查", "乙嘎查")),
        ("锡林郭勒盟重点帮扶嘎查村名单", "镶黄旗", ("丙嘎查",)),
    ]


def test_a_header_over_two_rows(parsed: Parsed) -> None:
    (document,) = parsed(
        "计划.html",
        "<h1>投资计划</h1><table><caption>项目计划表</caption>"
        "<tr><td rowspan=2>项目</td><td colspan=2>总体计划</td><td colspan=2>分年计划</td></tr>"
        "<tr><td>个数</td><td>投资（万元）</td><td>2023年</td><td>2024年</td></tr>"
        "<tr><td>肉牛</td><td>7</td><td>200</td><td>3</td><td>4</td></tr>"
        "<tr><td>奶业</td><td>11</td><td>250</td><td>5</td><td>6</td></tr></table>",
    )
    (table,) = document.tables
    assert (table.title, table.header) == ("项目计划表", ("项目", "个数", "投资（万元）", "2023年", "2024年"))
    assert figures(document)[0].value("2024") == "4"


def test_dates_and_titles_of_databases_of_law(parsed: Parsed) -> None:
    (document,) = parsed("某某规定(2016-12-16).md", "# 某某规定\n\n<!-- INFO END -->\n\n第一条 内容。\n")
    assert (document.title, str(document.date)) == ("某某规定", "2016-12-16")


def test_groups_under_a_heading_that_names_the_list(parsed: Parsed) -> None:
    (document,) = parsed(
        "名单.md",
        "# 名单\n\n## 一、重点帮扶嘎查村（5个）\n\n"
        "- 杭锦旗（3个）：甲村、乙嘎查、丙村\n- 乌审旗（2个）：丁村、戊嘎查\n\n"
        "## 二、示范嘎查村\n\n（一）东胜区：己村、庚村。\n",
    )
    assert [(p.designation, p.group, p.stated, len(p.names)) for p in document.lists] == [
        ("重点帮扶嘎查村", "", 5, 0),
        ("重点帮扶嘎查村", "杭锦旗", 3, 3),
        ("重点帮扶嘎查村", "乌审旗", 2, 2),
        ("示范嘎查村", "东胜区", None, 2),
    ]
    assert document.issues == ()


@pytest.mark.parametrize(
    ("clause", "bodies"),
    [
        ("加强监测。按季排查。责任单位：市农牧局、市民政局", ("市农牧局", "市民政局")),
        (
            "加强帮扶。施策（牵头单位：市农牧局；责任单位：市人社局、市医保局）。",
            ("市农牧局", "市人社局", "市医保局"),
        ),
        ("加强考核。由市委组织部牵头，市农牧局、市统计局配合。", ("市委组织部", "市农牧局", "市统计局")),
        ("强化宣传。广泛宣传。（各旗区人民政府，市委宣传部）", ("各旗区人民政府", "市委宣传部")),
        ("落实资金（市财政局牵头负责）", ("市财政局",)),
        ("金融支持。扩面。（责任部门：人民银行分行、市金融办等）", ("人民银行分行", "市金融办")),
        ("落实用地。（自治区自然资源厅负责）", ("自治区自然资源厅",)),
        ("人才。（人力资源和社会保障局、农牧局和财政局负责）", ("人力资源和社会保障局", "农牧局", "财政局")),
        ("范围。适用于旗县（市、区）。", ()),
        ("原则。坚持市级统筹（旗区抓落实）", ()),
    ],
)
def test_wordings_of_responsibility(parsed: Parsed, clause: str, bodies: tuple[str, ...]) -> None:
    (document,) = parsed("措施.txt", f"某市措施\n一、{clause}\n")
    assert document.clauses[0].departments == bodies


def test_a_short_notice_before_the_document_that_it_names(parsed: Parsed) -> None:
    documents = parsed(
        "通知.txt",
        "关于印发某办法的通知\n鄂农牧发〔2023〕8号\n\n各旗区：\n现印发《某某管理办法》，请遵照执行。\n\n鄂尔多斯市农牧局\n"
        "2023年3月6日\n\n某某管理办法\n\n第一条 目的。\n",
    )
    assert [document.title for document in documents] == ["关于印发某办法的通知", "某某管理办法"]


def test_boxes_drawn_as_tables(parsed: Parsed) -> None:
    box = Cells([["专栏1 重点工程\n肉牛工程：建设基地。\n奶业工程：扩大规模。"]])
    targets = Cells([["专栏2 主要指标"] * 3, ["指标", "2021年", "2025年"], ["产量（万吨）", "1", "2"]])
    (document,) = parsed(
        "规划.docx",
        as_docx(
            [
                "某市规划",
                "一、产业",
                "（一）肉牛。发展。",
                box,
                "（二）羊。发展。",
                targets,
                "（三）猪。发展。",
            ]
        ),
    )
    assert [label for _, label, _ in shape(document)] == [
        *("一、", "（一）", "（二）", "（三）", "专栏1", "专栏2")
    ]
    assert document.tables[0].path == ("专栏2：主要指标",)
    assert figures(document)[0].value("2025") == "2"


def test_one_cell_a_line_in_another_plan(parsed: Parsed) -> None:
    (document,) = parsed(
        "规划.txt",
        "某旗规划\n第一章 目标\n到2027年。\n\n\t专栏1 主要指标\n\n\t序号\n\t指标\n\t2023年\n\t2027年\n\n"
        "\t1\n\t自来水普及率（%）\n\t88\n\t95\n\n\t2\n\t返贫人口\n\t动态清零\n\n\n第二章 措施\n加强领导。\n",
    )
    assert [(f.label, f.value("2023"), f.value("2027"), f.shared_years) for f in figures(document)] == [
        ("自来水普及率（%）", "88", "95", False),
        ("返贫人口", "动态清零", "动态清零", True),
    ]
