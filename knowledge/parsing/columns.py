"""Which column of a table plays which part, by the words in its header."""

from __future__ import annotations

import re

from knowledge.model import Table

# Which column plays which part: the first pattern of a part that a header matches wins.
_ROLES = {
    "number": ("^序号$|^编号$|^项次$",),
    "points": ("分值|满分|标准分|基础分|赋分", "得分|分数|^分$"),
    "weight": ("权重",),
    "unit": ("^(?:计量|指标)?单位$",),
    "department": (
        "(?:考核|考评|评价|评分|打分|数据来源)(?:责任|牵头)?(?:单位|部门)",
        "(?:责任|牵头|负责|主管|实施)(?:单位|部门)",
        "(?:部门|单位)$",
    ),
    "dimension": ("考核项目|考评项目|一级指标|维度|类别|方面|^项目$",),
    "name": (
        "三级指标|指标名称|具体指标|考核要点|考核指标|考评指标|评价指标",
        "二级指标|^(?:考核|考评|评价)内容$|指标内容",
        "指标$|内容$|事项|任务$|^项目$",
    ),
}
_ORGAN = re.compile("(?:局|厅|委|办|部|政府|院|会|队|中心|行|社)$")


def roles_of(table: Table) -> dict[str, int]:
    """Which column plays which part; weights are the points of a table that has no other."""
    roles: dict[str, int] = {}
    for part, patterns in _ROLES.items():
        free = [(k, name) for k, name in enumerate(table.header) if k not in roles.values()]
        found = (k for pattern in patterns for k, name in free if re.search(pattern, name))
        column = next(found, None)
        if column is not None:
            roles[part] = column
    if "points" not in roles and "weight" in roles and "name" in roles:
        roles["points"] = roles.pop("weight")
    return _with_named_units(roles, table)


def _with_named_units(roles: dict[str, int], table: Table) -> dict[str, int]:
    """A column headed `单位` names departments if it holds bodies and no other column does."""
    column = roles.get("unit")
    if column is None or "department" in roles:
        return roles
    cells = [row.cells[column] for row in table.rows if row.cells[column]]
    if cells and sum(bool(_ORGAN.search(cell)) for cell in cells) * 2 > len(cells):
        roles["department"] = roles.pop("unit")
    return roles
