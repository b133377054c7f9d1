"""Answer in the language of the prompt: Chinese, Japanese, Korean, and greetings in a few others."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zaguan_tui.sandbox.engine.text.prompt import Prompt

_GREETINGS = (
    (re.compile(r"^\W*(?:hola|buenos días|buenas)\b", re.I), "¡Hola{n}! ¿En qué puedo ayudarte?"),
    (re.compile(r"^\W*(?:bonjour|salut|bonsoir)\b", re.I), "Bonjour{n} ! Que puis-je faire pour vous ?"),
    (re.compile(r"^\W*(?:hallo|guten (?:tag|morgen|abend))\b", re.I), "Hallo{n}! Wie kann ich helfen?"),
    (re.compile(r"^\W*(?:ciao|buongiorno)\b", re.I), "Ciao{n}! Come posso aiutarti?"),
    (re.compile(r"^\W*(?:olá|bom dia|boa tarde)\b", re.I), "Olá{n}! Em que posso ajudar?"),
    (re.compile(r"^\W*(?:привет|здравствуйте)", re.I), "Здравствуйте{n}! Чем могу помочь?"),
    (re.compile(r"^\W*(?:مرحبا|السلام عليكم)"), "مرحبا{n}! كيف يمكنني مساعدتك؟"),
)
_MAX_GREETING = 60


@dataclass(frozen=True, slots=True)
class _Language:
    script: re.Pattern[str]
    greets: re.Pattern[str]
    greeting: str
    """`{n}` stands for a comma and the user's name."""
    comma: str
    my_name: re.Pattern[str]
    your_name: str
    around_topic: re.Pattern[str]
    """The words of a request that are not its topic."""
    answer: str
    """`{t}` stands for the topic."""


_LANGUAGES = (
    _Language(
        script=re.compile(r"[\u3040-\u30ff]"),
        greets=re.compile(r"^\W*(?:こんにちは|こんばんは|おはよう|はじめまして)"),
        greeting="こんにちは{n}！何をお手伝いしましょうか 😊",
        comma="、",
        my_name=re.compile(r"私の名前は(?:何|なん)|私は(?:誰|だれ)"),
        your_name="お名前は**{name}**さんです。",
        around_topic=re.compile(
            r"(?:について|とは|って)?(?:何ですか|教えてください|教えて|説明してください|説明して|ください)?[？?。！!\s]*$"
        ),
        answer="**{t}**の概要です。✨\n\n## 定義\n\n{t}は、入力と出力を決めると分かりやすくなります。\n\n"
        "## 手順\n\n1. 小さな例から始める\n2. 一度に一つだけ変える\n3. 結果を書き残す",
    ),
    _Language(
        script=re.compile(r"[\uac00-\ud7af]"),
        greets=re.compile(r"^\W*(?:안녕|반가워|반갑습니다)"),
        greeting="안녕하세요{n}! 무엇을 도와드릴까요? 😊",
        comma=", ",
        my_name=re.compile(r"내 이름|제 이름이 (?:뭐|무엇)"),
        your_name="이름은 **{name}**님입니다.",
        around_topic=re.compile(
            r"(?:에 대해|이란|란|이)?\s*(?:무엇인가요|뭐예요|(?:알려|설명해) ?(?:줘|주세요))?[？?。！!.\s]*$"
        ),
        answer="**{t}**의 개요입니다. ✨\n\n## 정의\n\n{t}은(는) 예를 보면 이해하기 쉽습니다.\n\n"
        "## 순서\n\n1. 작은 예로 시작하기\n2. 한 번에 하나만 바꾸기\n3. 결과를 적어 두기",
    ),
    _Language(
        script=re.compile(r"[\u4e00-\u9fff]"),
        greets=re.compile(r"^\W*(?:你好|您好|嗨|早上好|晚上好)"),
        greeting="你好{n}！有什么可以帮你？😊",
        comma="，",
        my_name=re.compile(r"我(?:叫什么|的名字是什么|是谁)"),
        your_name="你的名字是**{name}**。",
        around_topic=re.compile(
            r"^(?:请|麻烦你?|帮我|能不能|可以)*(?:解释(?:一下)?|说明(?:一下)?|介绍(?:一下)?|"
            r"告诉我|什么是|写(?:一篇|一个)?|关于)*|(?:是什么|怎么样|吗|呢)?[？?。！!\s]*$"
        ),
        answer="**{t}**概述：✨\n\n## 定义\n\n先确定输入和输出，{t}就容易理解。\n\n"
        "## 步骤\n\n1. 从小例子开始\n2. 一次只改一处\n3. 记录结果",
    ),
)


def answer_in_language(prompt: Prompt) -> str | None:
    """An answer in the language of the prompt, or `None` when English will do."""
    language = next((candidate for candidate in _LANGUAGES if candidate.script.search(prompt.text)), None)
    name = prompt.user_name
    if language is None:
        text = next((text for pattern, text in _GREETINGS if pattern.match(prompt.text)), None)
        if text is None or len(prompt.text) >= _MAX_GREETING:
            return None
        return text.replace("{n}", f", {name}" if name else "")
    if name and language.my_name.search(prompt.text):
        return language.your_name.format(name=name)
    if language.greets.match(prompt.text) and len(prompt.text) < _MAX_GREETING:
        return language.greeting.replace("{n}", f"{language.comma}{name}" if name else "")
    line = prompt.text.splitlines()[0]
    return language.answer.replace("{t}", language.around_topic.sub("", line)[:40] or line[:20])
