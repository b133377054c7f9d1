"""Answers in the language spoken to: Chinese, Japanese, Korean, and greetings in a few others."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zaguan_tui.sandbox.engine.text.prompt import Prompt

_KANA = re.compile(r"[\u3040-\u30ff]")
_HANGUL = re.compile(r"[\uac00-\ud7af]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_EUROPE = (
    (
        re.compile(r"^\W*(?:hola|buenos días|buenas)\b", re.I),
        "¡Hola{n}! Encantado de saludarte. ¿En qué puedo ayudarte hoy? 🌞",
    ),
    (
        re.compile(r"^\W*(?:bonjour|salut|bonsoir)\b", re.I),
        "Bonjour{n} ! Ravi de vous lire. Que puis-je faire pour vous ? ☕",
    ),
    (
        re.compile(r"^\W*(?:hallo|guten (?:tag|morgen|abend)|moin|servus)\b", re.I),
        "Hallo{n}! Schön, dass du da bist. Womit fangen wir an? 🥨",
    ),
    (re.compile(r"^\W*(?:ciao|buongiorno|salve)\b", re.I), "Ciao{n}! Che piacere. Di cosa parliamo? 🍋"),
    (
        re.compile(r"^\W*(?:olá|bom dia|boa tarde)\b", re.I),
        "Olá{n}! Que bom ver você. Em que posso ajudar? 🌊",
    ),
    (re.compile(r"^\W*(?:привет|здравствуйте)", re.I), "Здравствуйте{n}! Чем могу помочь? 📚"),
    (re.compile(r"^\W*(?:مرحبا|السلام عليكم)"), "مرحبا{n}! كيف يمكنني مساعدتك؟ 🌙"),
)


@dataclass(frozen=True, slots=True)
class _Tongue:
    greets: re.Pattern[str]
    greeting: str
    named: str
    my_name: re.Pattern[str]
    your_name: str
    lead: str
    heads: tuple[str, str, str]
    bodies: tuple[str, ...]
    points: tuple[str, ...]
    close: str
    strip: re.Pattern[str]


_CHINESE = _Tongue(
    greets=re.compile(r"^\W*(?:你好|您好|嗨|早上好|晚上好|哈喽)"),
    greeting="你好{n}！很高兴见到你 😊 今天想聊点什么？",
    named="{name}，",
    my_name=re.compile(r"我(?:叫什么|的名字是什么|是谁)"),
    your_name="你刚才告诉过我：你叫**{name}**。",
    lead="好的，我们来看看**{t}**。✨",
    heads=("它是什么", "怎么运作", "值得注意"),
    bodies=(
        "简单地说，{t}是一种约定：两边各做一半，中间靠耐心连接。",
        "先看输入，再看输出；中间只守住一个承诺，其他都由此而来。",
        "从小处开始最好：一个例子胜过十个定义。",
        "难的不是步骤，而是顺序。顺序对了，一半的工作就做完了。",
    ),
    points=("先观察，再动手 🔍", "一次只改一处 🔧", "把结果记下来 📝"),
    close="如果需要，我可以继续展开任何一点。🌱",
    strip=re.compile(
        r"^(?:请|麻烦你?|帮我|能不能|可以)*(?:解释(?:一下)?|说明(?:一下)?|介绍(?:一下)?|"
        r"告诉我|什么是|写(?:一篇|一个)?|关于)*|(?:是什么|怎么样|吗|呢)?[？?。！!\s]*$"
    ),
)
_JAPANESE = _Tongue(
    greets=re.compile(r"^\W*(?:こんにちは|こんばんは|おはよう|はじめまして|やあ)"),
    greeting="こんにちは{n}！お会いできてうれしいです 😊 今日は何を話しましょうか。",
    named="{name}さん、",
    my_name=re.compile(r"私の名前は(?:何|なん)|私は(?:誰|だれ)"),
    your_name="先ほど教えていただきました。**{name}**さんですね。",
    lead="はい、**{t}**について見てみましょう。🌸",
    heads=("それは何か", "仕組み", "気をつけること"),
    bodies=(
        "ひとことで言えば、{t}は待つことの技術です。",
        "入口と出口を先に決めると、あいだは自然に見えてきます。",
        "小さな例から始めるのがいちばんの近道です。",
        "静かな失敗に気をつけてください。数字が動かなくなったら、それが合図です。",
    ),
    points=("まず観察する 🔍", "一度に一つだけ変える 🔧", "結果を書き残す 📝"),
    close="もっと詳しく知りたい点があれば、どうぞお聞きください。🍵",
    strip=re.compile(
        r"(?:について|とは|って)?(?:何ですか|教えてください|教えて|説明してください|説明して|ください)?[？?。！!\s]*$"
    ),
)
_KOREAN = _Tongue(
    greets=re.compile(r"^\W*(?:안녕|반가워|반갑습니다)"),
    greeting="안녕하세요{n}! 만나서 반가워요 😊 오늘은 무슨 이야기를 해 볼까요?",
    named="{name}님, ",
    my_name=re.compile(r"내 이름|제 이름이 (?:뭐|무엇)"),
    your_name="조금 전에 알려 주셨어요. **{name}**님이시죠.",
    lead="네, **{t}**에 대해 살펴볼게요. 🌿",
    heads=("무엇인가요", "어떻게 작동하나요", "주의할 점"),
    bodies=(
        "한마디로 {t}은(는) 서로 만나지 않는 두 쪽의 약속이에요.",
        "들어오는 것과 나가는 것을 먼저 보면 가운데가 보입니다.",
        "작은 예 하나가 정의 열 개보다 낫습니다.",
        "조용한 실패를 조심하세요. 숫자가 멈추면 그것이 신호입니다.",
    ),
    points=("먼저 관찰하기 🔍", "한 번에 하나만 바꾸기 🔧", "결과를 적어 두기 📝"),
    close="더 궁금한 점이 있으면 언제든 물어보세요. 🍀",
    strip=re.compile(
        r"(?:에 대해|이란|란|이)?\s*(?:무엇인가요|뭐예요|알려 ?줘|설명해 ?줘|설명해 ?주세요|알려 ?주세요)?"
        r"[？?。！!.\s]*$"
    ),
)


def tongue_of(text: str) -> str | None:
    """`ja`, `ko` or `zh` for the script a text is written in, `None` for any other."""
    if _KANA.search(text):
        return "ja"
    if _HANGUL.search(text):
        return "ko"
    return "zh" if _HAN.search(text) else None


def spoken_to(prompt: Prompt) -> str | None:
    """An answer in the user's own language, or `None` when English will do."""
    code = tongue_of(prompt.text)
    if code:
        tongue = {"zh": _CHINESE, "ja": _JAPANESE, "ko": _KOREAN}[code]
        return _in_tongue(prompt, tongue)
    for pattern, words in _EUROPE:
        if pattern.match(prompt.text) and len(prompt.text) < 60:
            return words.replace("{n}", f", {prompt.name}" if prompt.name else "")
    return None


def _in_tongue(prompt: Prompt, tongue: _Tongue) -> str:
    if prompt.name and tongue.my_name.search(prompt.text):
        return tongue.your_name.format(name=prompt.name)
    if tongue.greets.match(prompt.text) and len(prompt.text) < 40:
        comma = ", " if tongue is _KOREAN else "、" if tongue is _JAPANESE else "，"
        return tongue.greeting.replace("{n}", f"{comma}{prompt.name}" if prompt.name else "")
    topic = tongue.strip.sub("", prompt.text.splitlines()[0])[:40] or prompt.text[:20]
    bodies = prompt.rng.sample(tongue.bodies, 2)
    called = tongue.named.format(name=prompt.name) if prompt.name else ""
    first, second, third = tongue.heads
    points = "\n".join(f"- {point}" for point in tongue.points)
    sections = (
        f"{called}{tongue.lead}",
        f"## {first}",
        bodies[0],
        f"## {second}",
        bodies[1],
        f"## {third}",
        points,
        tongue.close,
    )
    return "\n\n".join(sections).replace("{t}", topic)
