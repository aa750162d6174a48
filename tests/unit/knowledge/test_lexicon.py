"""The shipped lexicon keeps its own rules, and the matcher keeps its promises."""

from __future__ import annotations

import csv
import logging
import os
import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import lexicon as lexicon_module
from knowledge.errors import LexiconError
from knowledge.lexicon import REPLACED, Entry, Expansion, Lexicon, ReloadingLexicon

SOURCES = Path(lexicon_module.__file__).parent / "sources"
SHIPPED = SOURCES / "lexicon.toml"
NOT_IN_DOCUMENTS = {"places", *REPLACED}


@pytest.fixture(scope="module")
def shipped() -> Lexicon:
    return Lexicon.load(SHIPPED)


@pytest.fixture(scope="module")
def documents() -> str:
    """All shipped texts without white space; a term may be broken over two lines there."""
    files = sorted(SOURCES.glob("*.txt"))
    if not files:
        pytest.skip("no documents in knowledge/sources")
    return "".join(re.sub(r"\s", "", file.read_text(encoding="utf-8")) for file in files)


@pytest.fixture(scope="module")
def area_names() -> list[str]:
    register = SOURCES / "areas.csv"
    if not register.exists():
        pytest.skip("no register of places in knowledge/sources")
    with register.open(encoding="utf-8") as lines:
        rows = csv.DictReader(line for line in lines if not line.startswith("#"))
        return [row["name"] for row in rows]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "lexicon.toml"


def build(**sections: dict[str, list[str]]) -> Lexicon:
    return Lexicon(
        Entry(section, term, tuple(words))
        for section, entries in sections.items()
        for term, words in entries.items()
    )


def write(file: Path, text: str, mtime_ns: int | None = None) -> None:
    file.write_text(text, encoding="utf-8")
    if mtime_ns is not None:
        os.utime(file, ns=(mtime_ns, mtime_ns))


# --- the shipped file -------------------------------------------------------------------------


def test_every_term_stands_in_the_documents(shipped: Lexicon, documents: str) -> None:
    terms = [entry.term for entry in shipped.entries if entry.section not in NOT_IN_DOCUMENTS]
    assert [term for term in terms if term not in documents] == []


def test_every_place_stands_in_the_register(shipped: Lexicon, area_names: list[str]) -> None:
    places = {entry.term for entry in shipped.entries if entry.section == "places"}
    assert places - set(area_names) == set()


def test_every_indicator_of_the_assessment_table_has_an_entry(shipped: Lexicon) -> None:
    assert sum(entry.section == "indicators" for entry in shipped.entries) == 62


def test_no_word_repeats_what_its_term_already_says(shipped: Lexicon) -> None:
    plain = [entry for entry in shipped.entries if entry.section not in {"places", *REPLACED}]
    assert [(e.term, word) for e in plain for word in e.words if word in e.term] == []


def test_no_word_asks(shipped: Lexicon) -> None:
    asking = re.compile("[谁什么几哪怎咋啥甚吗]|多少|多久|多长|多大|能不能|有没有|是不是|够不够")
    said = [entry for entry in shipped.entries if entry.section not in {"places", *REPLACED}]
    assert [(e.term, word) for e in said for word in e.words if asking.search(word)] == []


def test_a_dialect_word_has_one_standard_form(shipped: Lexicon) -> None:
    counts = Counter(word for entry in shipped.entries if entry.section in REPLACED for word in entry.words)
    assert [word for word, count in counts.items() if count > 1] == []


def test_standardising_leaves_the_documents_as_they_are(shipped: Lexicon, documents: str) -> None:
    assert shipped.standardise(documents) == documents


def test_standardising_leaves_place_names_as_they_are(shipped: Lexicon, area_names: list[str]) -> None:
    assert [name for name in area_names if shipped.standardise(name) != name] == []


def test_the_quick_reader_agrees_with_tomllib() -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    assert lexicon_module._parse_plain(text) == tomllib.loads(text)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("书记主任一肩挑", "嘎查村党支部书记兼任村委会主任占比"),
        ("三类人群", "监测对象"),
        ("乡村振兴局", "扶贫办"),
        ("先看病后交钱", "先诊疗后付费"),
        ("没水吃", "饮水安全"),
        ("伊旗", "伊金霍洛旗"),
        ("营子", "嘎查村"),
        ("娃", "儿童"),
        ("甚", "什么"),
    ],
)
def test_people_are_understood(shipped: Lexicon, said: str, meant: str) -> None:
    assert meant in shipped.terms_of(said)


def test_dialect_questions_become_standard_ones(shipped: Lexicon) -> None:
    assert shipped.standardise("这是做甚哩，咋办，甚至多会儿办") == "这是做什么哩，怎么办，甚至什么时候办"


# --- matching ---------------------------------------------------------------------------------


def test_a_word_is_found_where_it_stands() -> None:
    lexicon = build(risks={"因病": ["得病"]})
    assert lexicon.expansions("老人得病了") == (Expansion("得病", "因病", "risks", 2, 4),)


def test_a_shorter_word_of_the_same_term_gives_way_to_the_longer_one() -> None:
    lexicon = build(topics={"光伏扶贫收益分配": ["光伏的钱", "光伏的钱怎么分", "怎么分"]})
    assert [e.word for e in lexicon.expansions("光伏的钱怎么分")] == ["光伏的钱怎么分"]


def test_overlapping_words_of_different_terms_are_all_reported() -> None:
    lexicon = build(topics={"甲": ["看病报销"], "乙": ["看病"], "丙": ["报销多少"]})
    assert [e.term for e in lexicon.expansions("看病报销多少")] == ["甲", "乙", "丙"]


def test_an_ambiguous_word_reports_each_of_its_terms() -> None:
    lexicon = build(places={"鄂托克前旗": ["前旗"], "乌拉特前旗": ["前旗"]})
    assert [e.term for e in lexicon.expansions("前旗的")] == ["鄂托克前旗", "乌拉特前旗"]


def test_a_short_place_name_inside_a_full_one_is_not_a_match() -> None:
    lexicon = build(places={"鄂托克前旗": ["前旗"], "乌拉特前旗": ["前旗"], "鄂托克旗": ["鄂托克"]})
    assert lexicon.expansions("鄂托克前旗的") == ()


def test_a_single_character_of_speech_is_found() -> None:
    lexicon = build(speech={"儿童": ["娃", "娃娃"]})
    assert [e.word for e in lexicon.expansions("娃和娃娃")] == ["娃", "娃娃"]


def test_latin_letters_match_in_either_case() -> None:
    lexicon = build(topics={"宽带网络": ["wifi"]})
    assert [e.word for e in lexicon.expansions("村里WiFi")] == ["WiFi"]


def test_function_words_are_replaced_but_never_expanded() -> None:
    lexicon = build(dialect={"什么": ["甚"]}, keep={"甚": ["甚至"]})
    assert lexicon.expansions("甚至甚") == ()
    assert lexicon.standardise("甚至甚") == "甚至什么"


def test_the_longest_dialect_word_is_replaced_first() -> None:
    lexicon = build(dialect={"怎么": ["咋"], "怎么办": ["咋办"]})
    assert lexicon.standardise("咋办，咋说") == "怎么办，怎么说"


def test_the_tokeniser_gets_every_word_once() -> None:
    lexicon = build(topics={"甲": ["看病", "住院"], "乙": ["住院"]}, keep={"甚": ["甚至"]})
    assert lexicon.words == ("看病", "住院")


def test_an_unknown_word_has_no_terms() -> None:
    assert build(topics={"甲": ["看病"]}).terms_of("天气") == ()


# --- reading ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[nonsense]\n", "没有分类 [nonsense]"),
        ('"甲" = ["看病"]\n', "没有分类 [甲]"),
        ('[topics]\n"甲" = [看病]\n', "line 2"),
        ('[topics]\n"甲" = ["看病"]\n"甲" = ["住院"]\n', "line 3"),
        ('[topics]\n"甲" = "看病"\n', "第2行，[topics] “甲”：等号右边应是一组"),
        ('[topics]\n"甲" = []\n', "第2行，[topics] “甲”：等号右边应是一组"),
        ('[topics]\n"甲" = ["看病", 3]\n', "第2行，[topics] “甲”：等号右边应是一组"),
        ('[topics]\n# 一\n"甲" = ["看病", "看病"]\n', "第3行，[topics] “甲”：“看病”写了两遍"),
        ('[topics]\n"甲" = ["WiFi", "wifi"]\n', "写了两遍"),
        ('[topics]\n"甲" = [" 看病"]\n', "首尾有空格"),
        ('[topics]\n"甲" = ["看病", ""]\n', "有一个词是空的"),
        ('[topics]\n"看病" = ["看病"]\n', "解释成它自己"),
        ('[topics]\n"甲" = ["病", "看病"]\n', "“病”只有一个字"),
    ],
)
def test_a_mistake_is_told_with_file_and_place(file: Path, text: str, told: str) -> None:
    write(file, text)
    with pytest.raises(LexiconError) as caught:
        Lexicon.load(file)
    assert str(file) in str(caught.value)
    assert told in str(caught.value)


def test_a_missing_file_is_told(file: Path) -> None:
    with pytest.raises(LexiconError, match="打不开"):
        Lexicon.load(file)


def test_a_file_in_another_encoding_is_told(file: Path) -> None:
    file.write_bytes('[topics]\n"甲" = ["看病"]\n'.encode("gb18030"))
    with pytest.raises(LexiconError, match="UTF-8"):
        Lexicon.load(file)


def test_a_file_saved_by_a_windows_editor_is_read(file: Path) -> None:
    file.write_bytes('\ufeff[topics]\r\n"甲" = ["看病"] # 常说\r\n'.encode())
    assert Lexicon.load(file).terms_of("看病") == ("甲",)


def test_any_layout_that_toml_allows_is_read(file: Path) -> None:
    write(file, "[topics]\n  甲1 = [\n    '看病',  # 常说\n    \"住\\u9662\",\n  ]\n".replace("甲1", "'甲'"))
    assert Lexicon.load(file).words == ("看病", "住院")


def test_an_empty_file_is_an_empty_lexicon(file: Path) -> None:
    write(file, "")
    lexicon = Lexicon.load(file)
    assert (lexicon.words, lexicon.expansions("看病"), lexicon.standardise("看病")) == ((), (), "看病")


# --- reloading --------------------------------------------------------------------------------


def test_a_lexicon_knows_whether_its_file_changed(file: Path) -> None:
    write(file, '[topics]\n"甲" = ["看病"]\n', mtime_ns=1_000)
    lexicon = Lexicon.load(file)
    assert not lexicon.changed(file)
    write(file, '[topics]\n"甲" = ["住院"]\n', mtime_ns=2_000)
    assert lexicon.changed(file)


def test_an_edit_is_served_without_a_restart(file: Path) -> None:
    write(file, '[topics]\n"甲" = ["看病"]\n', mtime_ns=1_000)
    reloading = ReloadingLexicon(file)
    assert reloading.current is reloading.current
    write(file, '[topics]\n"甲" = ["住院"]\n', mtime_ns=2_000)
    assert reloading.current.words == ("住院",)


@pytest.mark.parametrize("edit", ['[topics]\n"甲" = [\n', None], ids=["broken", "deleted"])
def test_a_broken_edit_keeps_the_old_words_and_is_logged_once(
    file: Path, edit: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    write(file, '[topics]\n"甲" = ["看病"]\n', mtime_ns=1_000)
    reloading = ReloadingLexicon(file)
    if edit is None:
        file.unlink()
    else:
        write(file, edit, mtime_ns=2_000)
    with caplog.at_level(logging.WARNING):
        assert [reloading.current.words for _ in range(3)] == [("看病",)] * 3
    assert [str(file) in record.getMessage() for record in caplog.records] == [True]


def test_a_repaired_file_is_served_again(file: Path) -> None:
    write(file, '[topics]\n"甲" = ["看病"]\n', mtime_ns=1_000)
    reloading = ReloadingLexicon(file)
    write(file, "[", mtime_ns=2_000)
    assert reloading.current.words == ("看病",)
    write(file, '[topics]\n"甲" = ["住院"]\n', mtime_ns=3_000)
    assert reloading.current.words == ("住院",)


# --- any text ---------------------------------------------------------------------------------

QUESTIONS = st.lists(
    st.one_of(
        st.text(max_size=4), st.sampled_from(["前旗", "鄂托克前旗", "娃娃", "WIFI", "İ", "甚至", "一肩挑"])
    )
).map("".join)


@given(QUESTIONS)
def test_offsets_point_at_the_word(shipped: Lexicon, text: str) -> None:
    for found in shipped.expansions(text):
        assert text[found.start : found.end] == found.word
        assert found.term in shipped.terms_of(found.word)


@given(QUESTIONS)
def test_no_match_lies_inside_a_longer_one_of_its_term(shipped: Lexicon, text: str) -> None:
    found = shipped.expansions(text)
    spans = {(e.term, e.start, e.end) for e in found}
    assert not any(a[0] == b[0] and a != b and b[1] <= a[1] and a[2] <= b[2] for a in spans for b in spans)


@given(QUESTIONS)
def test_text_without_dialect_words_is_not_touched(shipped: Lexicon, text: str) -> None:
    dialect = {word for entry in shipped.entries if entry.section == "dialect" for word in entry.words}
    touched = shipped.standardise(text) != text
    assert not touched or any(word in text for word in dialect)


@given(st.text(max_size=200))
def test_any_file_is_read_or_refused_with_our_own_error(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    file = tmp_path_factory.mktemp("any") / "lexicon.toml"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        Lexicon.load(file)
    except LexiconError as error:
        assert str(file) in str(error)


@given(
    st.lists(
        st.sampled_from(
            ["[topics]", "[groups]", '"甲" = ["看病"]', '"乙" = ["住院", "得病"] # 注', "# 注", "", " "]
        )
    )
)
def test_the_quick_reader_never_disagrees_with_tomllib(lines: list[str]) -> None:
    text = "\n".join(lines)
    quick = lexicon_module._parse_plain(text)
    assert quick is None or quick == tomllib.loads(text)
