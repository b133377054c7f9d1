"""The text engine: deterministic, exact where there is one answer, well-formed everywhere."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping

import pytest

from zaguan_tui.sandbox.data.loader import load_world
from zaguan_tui.sandbox.data.records import ModelData
from zaguan_tui.sandbox.engine.text.arithmetic import solve
from zaguan_tui.sandbox.engine.text.engine import Answer, answer
from zaguan_tui.sandbox.engine.text.tokens import PER_IMAGE, count_message_tokens, count_tokens, pieces

MODELS: Mapping[str, ModelData] = {model.id: model for model in load_world().models}
MINI = "openai/gpt-4o-mini"


def ask(
    *turns: str, model: str = MINI, seed: int = 7, max_tokens: int | None = None, system: str = ""
) -> Answer:
    """Turns alternate between the user and the model, the user first."""
    messages: list[dict[str, object]] = [{"role": "system", "content": system}] if system else []
    messages += [{"role": ("user", "assistant")[i % 2], "content": turn} for i, turn in enumerate(turns)]
    return answer(messages, model=MODELS[model], seed=seed, max_tokens=max_tokens)


def text(*turns: str, model: str = MINI, seed: int = 7, system: str = "") -> str:
    return "".join(ask(*turns, model=model, seed=seed, system=system).text)


PROMPTS = (
    "hello",
    "what is 12 * 7?",
    "list 5 fruits",
    "write a python function for fibonacci",
    "make a table of 4 cities",
    "explain circuit breakers",
    "explain the Hanseatic League",
    "how do I tune a piano?",
    "tea vs coffee",
    "write 300 words about tides",
    "请解释一下量子计算",
    "tell me a story about a lost key",
    "write a poem about the sea",
    "",
)


@pytest.mark.parametrize("prompt", PROMPTS)
@pytest.mark.parametrize("model", [MINI, "anthropic/claude-opus-4-5", "deepseek/deepseek-reasoner"])
def test_same_seed_model_and_words_give_the_same_answer(prompt: str, model: str) -> None:
    first, second = ask(prompt, model=model), ask(prompt, model=model)
    assert first == second
    assert first.finish == "stop"
    assert "".join(first.text).strip()


def test_seed_model_and_history_change_the_answer() -> None:
    prompt = "explain the Hanseatic League"
    assert len({text(prompt, seed=seed) for seed in range(5)}) > 1
    assert text(prompt) != text(prompt, model="anthropic/claude-haiku-4-5")
    assert text(prompt) != text("hello", "Hi!", prompt)


@pytest.mark.parametrize("prompt", PROMPTS)
@pytest.mark.parametrize("limit", [0, 1, 5, 17])
def test_max_tokens_keeps_exactly_that_many_pieces(prompt: str, limit: int) -> None:
    whole, cut = ask(prompt), ask(prompt, max_tokens=limit)
    if limit < len(whole.text):
        assert cut.finish == "length"
        assert cut.text == whole.text[:limit]
        assert count_tokens("".join(cut.text)) == limit
    else:
        assert cut == whole


def test_a_limit_that_just_fits_is_no_cut() -> None:
    whole = ask("hello")
    assert ask("hello", max_tokens=len(whole.text)) == whole


def test_reasoning_counts_first_towards_the_limit() -> None:
    whole = ask("explain tides", model="openai/o3")
    cut = ask("explain tides", model="openai/o3", max_tokens=10)
    assert cut == Answer(whole.reasoning[:10], (), "length")
    limit = len(whole.reasoning) + 3
    assert ask("explain tides", model="openai/o3", max_tokens=limit).text == whole.text[:3]


def test_only_reasoning_models_think() -> None:
    assert ask("explain tides").reasoning == ()
    reasoning = "".join(ask("explain tides", model="openai/o3").reasoning)
    assert "tides" in reasoning and len(reasoning.split(". ")) >= 4


def test_the_model_s_own_limit_holds() -> None:
    cut = ask("write 20000 words about rain", model="anthropic/claude-3-haiku-20240307")
    assert cut.finish == "length" and len(cut.text) == 4096


@pytest.mark.parametrize(
    ("prompt", "result"),
    [
        ("what is 12 * 7?", "84"),
        ("What's 2 + 3 * (4 - 1)", "11"),
        ("1,200 / 8 =", "150"),
        ("0.1+0.2", "0.3"),
        ("What is 15% of 80?", "12"),
        ("calculate 7 times 8", "56"),
        ("2^10", "1024"),
        ("what is 10 divided by 4", "2.5"),
        ("what is the square root of 144?", "12"),
        ("what is -3 + 5", "2"),
        ("1/3", "≈ 0.3333333333"),
        ("what is 5/0?", "undefined"),
    ],
)
def test_arithmetic(prompt: str, result: str) -> None:
    assert f"**{result}**" in text(prompt)


@pytest.mark.parametrize(
    "prompt",
    [
        "meet me on 2024-08-06",
        "what is C-3PO?",
        "9**9**9**9",
        "(0.5**200)**200",
        "2 eggs",
        "((((",
        "what is 1 +",
    ],
)
def test_no_sum_is_seen_where_there_is_none(prompt: str) -> None:
    assert solve(prompt) is None


@pytest.mark.parametrize(
    ("prompt", "count"),
    [
        ("list 7 fruits", 7),
        ("give me three tips for writing", 3),
        ("List 25 names", 25),
        ("top 4 reasons to sleep", 4),
    ],
)
def test_lists_have_as_many_items_as_asked(prompt: str, count: int) -> None:
    numbers = re.findall(r"^(\d+)\. \S", text(prompt), re.M)
    assert numbers == [str(i) for i in range(1, count + 1)]


@pytest.mark.parametrize(
    ("prompt", "tag"),
    [
        ("write a python function that reverses a string", "python"),
        ("rust quicksort", "rust"),
        ("Show me how to fetch a URL in JavaScript", "javascript"),
        ("write a Go program for fizzbuzz", "go"),
        ("give me a SQL query that counts orders", "sql"),
        ("write a haskell program to parse logs", "haskell"),
        ("a bash script to back up a folder", "bash"),
        ("write a function to add numbers", "python"),
    ],
)
def test_code_comes_fenced_in_the_language_asked(prompt: str, tag: str) -> None:
    answer_text = text(prompt)
    fences = re.findall(r"^```(\w*)$", answer_text, re.M)
    assert fences == [tag, ""]


def test_python_from_the_engine_compiles() -> None:
    for task in (
        "fibonacci",
        "prime numbers",
        "fizzbuzz",
        "palindrome",
        "sort",
        "csv rows",
        "hello",
        "tune pianos",
    ):
        block = re.search(r"```python\n(.*?)\n```", text(f"write a python function: {task}"), re.S)
        assert block
        compile(block[1], task, "exec")


def test_a_table_has_the_columns_and_rows_asked_for() -> None:
    answer_text = text("make a table of 4 countries with columns: country, capital, population")
    rows = [line for line in answer_text.splitlines() if line.startswith("|")]
    assert rows[0] == "| country | capital | population |"
    assert len(rows) == 2 + 4
    assert {row.count("|") for row in rows} == {4}


def test_json_parses_and_has_the_keys_asked_for() -> None:
    block = re.search(r"```json\n(.*?)\n```", text("give me JSON with keys name, age and city"), re.S)
    assert block and set(json.loads(block[1])) == {"name", "age", "city"}
    assert "title" in json.loads(text("a book about rain", system="Answer only in JSON."))
    assert len(json.loads(text("list 3 people as JSON only, keys: name, age"))) == 3


def test_explanations_echo_the_topic_under_headings() -> None:
    for topic in ("circuit breakers", "sourdough", "the Hanseatic League"):
        answer_text = text(f"explain {topic}")
        assert re.search(r"^## ", answer_text, re.M) and len(re.findall(r"^### ", answer_text, re.M)) >= 2
        assert topic.removeprefix("the ").casefold() in answer_text.casefold()
    assert "half-open" in text("explain circuit breakers please")


def test_a_summary_is_made_of_the_sentences_of_the_text() -> None:
    sentences = [f"Sentence number {i} stands alone." for i in range(20)]
    points = re.findall(r"^- (.+)$", text("Summarize this text: " + " ".join(sentences)), re.M)
    assert 3 <= len(points) <= 5 and set(points) <= set(sentences)


def test_one_member_is_named() -> None:
    assert re.fullmatch(r"[A-Z]\w+\.", text("Name a colour"))


@pytest.mark.parametrize(
    "prompt", ["write a poem about rain", "tell me a story about rain", "a joke about rain"]
)
def test_short_forms_are_about_their_topic(prompt: str) -> None:
    answer = text(prompt)
    assert "rain" in answer.casefold() and 15 < len(answer.split()) < 200


def test_comparisons_are_tables() -> None:
    assert "| | tea | coffee |" in text("tea vs coffee")
    assert "| | SSE | embeddings |" in text("compare SSE and embeddings")


@pytest.mark.parametrize(
    ("prompt", "answer_text"),
    [
        ("repeat: [red]x[/] hey", "[red]x[/] hey"),
        ("Repeat after me: two\nlines", "two\nlines"),
        ('say "cheese"', "cheese"),
        ("reverse: abc", "cba"),
        ("Say hello.", "Hello"),
        ("say hello to Bob!", "Hello to Bob"),
        ("Please reply with the single word pong.", "Pong"),
        ("Reply with OK", "OK"),
        ("Respond with: done", "done"),
        ("sort: pear, apple, fig", "1. apple\n2. fig\n3. pear"),
        ("sort: 10, 9, 100", "1. 9\n2. 10\n3. 100"),
    ],
)
def test_exact_requests(prompt: str, answer_text: str) -> None:
    assert text(prompt) == answer_text


def test_counting() -> None:
    assert re.findall(r"\d+", text("count to 50")) == [str(i) for i in range(1, 51)]
    assert re.findall(r"\d+", text("count from 5 to 12")) == [str(i) for i in range(5, 13)]


def test_small_knowledge() -> None:
    assert "**3**" in text("how many r's in strawberry?")
    assert "**9.9** is larger" in text("Which is larger, 9.9 or 9.11?")
    assert "**2** is smaller" in text("which is smaller: 3 or 2")
    assert "Bonjour" in text("translate 'good morning' to French")
    assert "ありがとう" in text("how do you say thank you in Japanese?")
    unknown = text("translate 'my hovercraft' to French")
    assert "French" in unknown and "my hovercraft" in unknown
    assert MINI in text("which model are you?")


@pytest.mark.parametrize("count", [100, 500, 2000])
def test_essays_are_as_long_as_asked(count: int) -> None:
    answer_text = text(f"write {count} words about the tides")
    assert count <= len(answer_text.split()) <= count * 1.1 + 20
    assert answer_text.startswith("# The tides")


def test_it_remembers_the_name() -> None:
    assert "Ada" in text("My name is Ada.")
    assert "**Ada**" in text("My name is Ada.", "Hi Ada!", "What is my name?")
    assert "haven't told me" in text("What is my name?")
    assert "Ada" in text("I'm Ada.", "Hi!", "hello")


def test_it_refers_back() -> None:
    assert "> explain tides" in text("explain tides", "…", "what did I ask?")
    assert "tides" in text("explain tides", "…", "why?")
    recap = text("explain tides", "…", "list 3 fruits", "…", "summarize our conversation")
    assert "tides" in recap and "2 turns" in recap
    assert "tides" in text("explain tides", "…", "thanks!")


def test_it_answers_in_the_language_spoken_to() -> None:
    assert re.search("[\u4e00-\u9fff]", text("你好"))
    assert "量子计算" in text("请解释一下量子计算")
    assert re.search("[\u3040-\u30ff]", text("日本の四季について教えてください"))
    assert re.search("[\uac00-\ud7af]", text("안녕하세요"))
    assert re.search("[\U0001f300-\U0001faff]", text("你好"))
    assert "小明" in text("我叫小明", "你好！", "我叫什么名字？")
    assert "Bonjour" in text("bonjour") and "Hola" in text("hola")


def test_models_answer_the_same_prompt_differently() -> None:
    models = (MINI, "xai/grok-4", "google/gemini-2.5-pro")
    for prompt in ("hello", "explain tides", "give me three tips for writing"):
        assert len({text(prompt, model=model) for model in models}) == 3


def test_a_brief_system_prompt_is_obeyed() -> None:
    assert len(text("explain tides", system="Be brief.").split()) < len(text("explain tides").split()) / 2


@pytest.mark.parametrize(
    "prompt",
    ["good dog", "Name a colour", "circuit breakers", "Fix my code", "Briefly, what is DNS?", "Say hello."],
)
def test_a_short_prompt_gets_a_short_answer(prompt: str) -> None:
    assert len(text(prompt).split()) < 80
    assert "#" not in text(prompt)


@pytest.mark.parametrize("prompt", ["Explain queues.", "Tell me about tides", "Why?", "What is DNS?"])
def test_a_question_gets_an_explanation(prompt: str) -> None:
    assert len(text("explain tides", "…", prompt).split()) > 80


@pytest.mark.parametrize("prompt", PROMPTS)
def test_markdown_is_well_formed(prompt: str) -> None:
    for seed in range(6):
        answer_text = text(prompt, seed=seed)
        assert len(re.findall(r"^```", answer_text, re.M)) % 2 == 0
        outside = re.sub(r"```.*?```", "", answer_text, flags=re.S)
        assert outside.count("**") % 2 == 0
        assert "{t}" not in answer_text and "{T}" not in answer_text
        assert not re.search(r"\n{4,}", answer_text)


def test_hostile_has_it_all() -> None:
    answer_text = text("hi", model="sandbox/hostile")
    for poison in (
        "[red]",
        "[/]",
        "\x1b[31m",
        "\x1b]8;;",
        "\x1b]52;",
        "\u202e",
        "\u200b",
        "\x9b",
        "\x00",
        "@click",
    ):
        assert poison in answer_text
    answer_text.encode("utf-8")
    long = text("one long line please", model="sandbox/hostile")
    assert len(long.encode()) == 100_000 and "\n" not in long


def test_fast_writes_twenty_thousand_tokens() -> None:
    assert 20_000 <= len(ask("go", model="sandbox/fast-1000").text) < 20_500
    assert 500 <= len(ask("500 tokens", model="sandbox/fast-1000").text) < 1000
    assert len(ask("go", model="sandbox/fast-1000", max_tokens=12_345).text) == 12_345


def test_the_other_sandbox_models() -> None:
    assert ask("hi", model="sandbox/silent") == Answer((), (), "stop")
    assert text("a [b] c", model="sandbox/echo") == "a [b] c"
    assert len(text("go", model="sandbox/long-list").splitlines()) == 1000
    assert len(text("30 please", model="sandbox/long-list").splitlines()) == 30
    assert len(re.findall(r"^```\w+$", text("go", model="sandbox/code"), re.M)) >= 8
    assert len(ask("why is rain wet?", model="sandbox/thinker").reasoning) > 500
    assert "日本語" in text("go", model="sandbox/polyglot")
    assert "| :---- |" in text("go", model="sandbox/markdown")


def test_pictures_are_counted_not_seen() -> None:
    parts = [{"type": "text", "text": "what is this?"}, {"type": "image_url", "image_url": {"url": "data:,"}}]
    messages = [{"role": "user", "content": parts}]
    assert "1 picture" in "".join(answer(messages, model=MODELS[MINI], seed=1).text)
    assert count_message_tokens(messages) > PER_IMAGE


@pytest.mark.parametrize("junk", ["x", "how ", "1+", "(", "compare a ", " ", "please ", "a, ", "我"])
def test_very_long_messages_take_no_time(junk: str) -> None:
    started = time.perf_counter()
    assert text(f"{junk * 100_000}\n\nlist 3 fruits").count("\n") >= 1
    assert time.perf_counter() - started < 2.0
    assert text(f"repeat: {'word ' * 5_000}end").endswith("end")


@pytest.mark.parametrize(
    "messages",
    [
        [],
        [{}],
        [{"role": "user"}],
        [{"role": "user", "content": None}],
        [{"role": "user", "content": 7}],
        [{"role": "user", "content": [None, 3, {"type": "text"}, {"type": "text", "text": 5}]}],
        [{"role": "tool", "content": [{"type": "tool_result", "content": "done"}]}],
        [{"role": "user", "content": "\n\n \t"}],
    ],
)
def test_odd_messages_never_raise(messages: list[dict[str, object]]) -> None:
    assert answer(messages, model=MODELS[MINI], seed=1).finish == "stop"
    assert count_message_tokens(messages) >= 3


@pytest.mark.parametrize(
    "sample",
    [
        "",
        " ",
        "\n\n\n",
        "hello world",
        "  indented\n\tcode_with_names = 12345;",
        "漢字とkana 한글",
        "👩‍🚀 naïve café",
        "a" * 50,
    ]
    + [text(prompt) for prompt in PROMPTS]
    + [text("hi", model="sandbox/hostile")],
)
def test_pieces_join_to_the_text(sample: str) -> None:
    assert "".join(pieces(sample)) == sample
    assert count_tokens(sample) == len(pieces(sample))


@pytest.mark.parametrize(
    ("sample", "low", "high"),
    [
        ("The quick brown fox jumps over the lazy dog.", 9, 11),
        ("Hello, world!", 3, 5),
        ("def add(a: int, b: int) -> int:\n    return a + b\n", 16, 24),
        ("1234567890", 3, 5),
        ("今天天气很好", 4, 7),
    ],
)
def test_counts_are_near_those_of_real_tokenizers(sample: str, low: int, high: int) -> None:
    assert low <= count_tokens(sample) <= high


def test_the_first_minute_of_a_newcomer() -> None:
    assert all(word in text("what can you do?") for word in ("Explain", "Code", "Tables", "JSON"))
    assert "tides" in text("explain tides", "…", "ok")
    assert "scattered" in text("Why is the sky blue?")
    assert re.search(r"^1\. \*\*", text("can you help me plan a trip to Lisbon?"), re.M)
    assert "Dear Boss," in text("Write an email to my boss about the budget") and "the budget" in text(
        "Write an email to my boss about the budget"
    )
