"""Any text is answered within the contract: no error, one short line first, only printed words quoted."""

from __future__ import annotations

import string

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from knowledge.context import Context
from knowledge.library import KnowledgeBase
from knowledge.model import Answer, Status

MAX_LEAD, MAX_TEXT = 120, 4096
VOCABULARY = """
    村规民约 草畜平衡 第33项 第57项 归谁考核 多少分 农牧厅 扶贫办 分别 和 那 呢 它
    考核办法 第七条 第四条第六项 三（五） 规划 附件2 专栏10 第三章第一节 2025年 2023年
    24年 卫生厕所普及率 衔接资金 利益联结 多少 百分之几 几天 电话 哪些 哪几个 是什么意思
    四个不摘 乌审旗 杭锦旗 前旗 折家梁村 折家良村 巴音 团结村 圐圙 重点帮扶村 示范引领
    名单 最多 识别程序 第三步 下一步 最后 风险消除 监测对象 咋 甚 ？ ， 的 1 2 下一条
    谢谢 你好
"""
WORDS = VOCABULARY.split()
SCRIPTS = "ᠮᠣᠩᠭᠣᠯ монгол русский العربية हिन्दी ไทย 한국어 日本語 ελληνικά 𠮷𡃁"
mixtures = st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map("".join)
garbled = st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=4)), max_size=10).map("".join)
questions = st.one_of(mixtures, garbled)


def keeps_the_contract(answer: Answer, printed: str) -> bool:
    """Raises with the part of the contract that is broken."""
    assert 0 < len(answer.lead) <= MAX_LEAD
    assert len(answer.lead.splitlines()) == 1
    assert len(answer.text) <= MAX_TEXT
    assert answer.text.startswith(answer.lead)
    assert answer.options or answer.status is not Status.CLARIFY
    assert all(option.strip() for option in answer.options)
    for citation in answer.citations:
        assert citation.document
        assert citation.quote.strip()
        assert all(piece in printed for piece in "".join(citation.quote.split()).split("……"))
    return True


@given(question=mixtures)
@settings(max_examples=250, deadline=None)
@example("村规民约和草畜平衡分别归谁考核多少分")
@example("专栏10附件2第三章第一节规划")
def test_any_mixture_of_the_words_of_the_documents(
    library: KnowledgeBase, printed: str, question: str
) -> None:
    assert keeps_the_contract(library.ask(question)[0], printed)


@given(question=garbled)
@settings(max_examples=150, deadline=None)
def test_words_with_anything_between_them(library: KnowledgeBase, printed: str, question: str) -> None:
    assert keeps_the_contract(library.ask(question)[0], printed)


@given(question=st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_text(library: KnowledgeBase, printed: str, question: str) -> None:
    assert keeps_the_contract(library.ask(question)[0], printed)


@given(
    question=st.text(
        alphabet=st.characters(categories=["Cc", "Cf", "Cs", "Co", "Zl", "Zp", "Zs"]), max_size=100
    )
)
@settings(max_examples=60, deadline=None)
def test_only_control_and_private_characters(library: KnowledgeBase, printed: str, question: str) -> None:
    answer, _ = library.ask(question)
    assert answer.status is Status.NOT_FOUND
    assert keeps_the_contract(answer, printed)


@given(question=st.text(alphabet=string.punctuation + "，。？！：；、…—“”‘’（）《》【】", max_size=100))
@settings(max_examples=60, deadline=None)
def test_only_punctuation(library: KnowledgeBase, printed: str, question: str) -> None:
    answer, _ = library.ask(question)
    assert answer.status is Status.NOT_FOUND
    assert keeps_the_contract(answer, printed)


@given(question=st.text(alphabet=SCRIPTS, max_size=120))
@settings(max_examples=60, deadline=None)
def test_other_scripts(library: KnowledgeBase, printed: str, question: str) -> None:
    assert keeps_the_contract(library.ask(question)[0], printed)


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("村" * 100_000, id="one-character"),
        pytest.param("村规民约归谁考核" * 12_500, id="one-question"),
        pytest.param("？" * 100_000, id="punctuation"),
        pytest.param("\x00" * 100_000, id="control"),
        pytest.param(" " * 100_000, id="blank"),
        pytest.param("圐圙" * 50_000, id="rare"),
        pytest.param("（" * 50_000 + "）" * 50_000, id="brackets"),
        pytest.param("2025年" * 20_000, id="years"),
        pytest.param("第33项" * 25_000, id="row-numbers"),
        pytest.param("一" * 100_000, id="numerals"),
        pytest.param("a" * 100_000, id="latin"),
        pytest.param("村规民约归谁考核\n" + "\n".join("无关的话" for _ in range(20_000)), id="pasted-below"),
        pytest.param("".join(chr(0x4E00 + k % 20_000) for k in range(100_000)), id="all-characters"),
    ],
)
def test_a_hundred_thousand_characters(library: KnowledgeBase, printed: str, question: str) -> None:
    answer, context = library.ask(question)
    assert keeps_the_contract(answer, printed)
    assert len(context.to_json()) < 10_000


@given(turns=st.lists(questions, min_size=2, max_size=2))
@settings(max_examples=150, deadline=None)
@example(["文化谁考核", "1"])
@example(["考核办法第七条", "下一条"])
@example(["2024年市本级衔接资金多少", "那2030年呢"])
def test_any_two_turns(library: KnowledgeBase, printed: str, turns: list[str]) -> None:
    context = Context()
    for question in turns:
        answer, context = library.ask(question, context)
        assert keeps_the_contract(answer, printed)
        assert Context.from_json(context.to_json()) == context


@given(
    question=questions,
    before=st.builds(
        Context,
        garbled,
        garbled,
        st.sampled_from(["", "places", "clause", "figures"]),
        st.lists(garbled, max_size=3).map(tuple),
    ),
)
@settings(max_examples=100, deadline=None)
def test_any_context(library: KnowledgeBase, printed: str, question: str, before: Context) -> None:
    answer, _ = library.ask(question, before)
    assert keeps_the_contract(answer, printed)


@given(question=questions)
@settings(max_examples=60, deadline=None)
def test_the_same_question_gets_the_same_answer(library: KnowledgeBase, question: str) -> None:
    assert library.ask(question) == library.ask(question)


@given(
    question=st.sampled_from(["文化谁考核", "人才谁考核", "巴音是不是重点帮扶村", "鄂托克有哪些重点帮扶村"]),
    data=st.data(),
)
@settings(max_examples=20, deadline=None)
def test_every_option_is_answered_when_it_is_chosen(
    library: KnowledgeBase, question: str, data: st.DataObject
) -> None:
    answer, context = library.ask(question)
    chosen = data.draw(st.sampled_from(answer.options))
    by_words, _ = library.ask(chosen, context)
    by_number, _ = library.ask(str(answer.options.index(chosen) + 1), context)
    assert by_words.status is Status.ANSWERED
    assert by_words == by_number
