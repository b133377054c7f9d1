"""Hostile answer text: markup, terminal escapes, bidirectional and malformed Unicode, broken Markdown.

Harmless to a client that shows it as text.
"""

from __future__ import annotations

import re

from zaguan_tui.sandbox.engine.text.prompt import Prompt

LONG_LINE_BYTES = 100_000
_LONG = re.compile(r"\b(?:long|100 ?kb?|single|huge|endless)\b", re.I)

_MARKUP = """# Hostile [red]heading[/red]

Tags that close nothing: [/] [/bold] [/red]
Tags that never close: [bold [red [link=https://example.com
Tags that act: [@click=app.quit]press me[/] [@click="app.bell()"]or me[/] [blink]blink[/blink] \\[escaped]
[link=javascript:alert(1)]a link[/link] [a list, not markup](file:///etc/passwd) <script>alert(1)</script>"""

_ESCAPES = (
    "Colour: \x1b[31mred?\x1b[0m  clear: \x1b[2J\x1b[H  title: \x1b]0;owned\x07\n"
    "Clipboard: \x1b]52;c;b3duZWQ=\x07  alternate screen: \x1b[?1049h\x1b[?1049l\n"
    "Hyperlink: \x1b]8;;https://evil.example\x1b\\https://bank.example\x1b]8;;\x1b\\\n"
    "Eight-bit CSI: \x9b31m  bell: \x07  backspaces: secret\b\b\b\b\b\bpublic\n"
    "Carriage return: safe\rEVIL\n"
    "Queries: \x1b[c\x1b[6n\x1b]11;?\x07 \x1bP1$r0m\x1b\\  mouse: \x1b[?1003h\x1b[?1003l\n"
    "Nul: \x00 delete: \x7f vertical tab: \x0b form feed: \x0c next line: \x85\n"
    "Separators: \u2028and\u2029."
)

_UNICODE = (
    "Right-to-left override: invoice_\u202efdp.exe\u202c, isolates: \u2067abc\u2069, marks: \u200f\u200e\n"
    "Zero width: pass\u200bword, joi\u2060ned, bom\ufeff, "
    "non\u200cjoiner, soft\u00adhyphen, tag \U000e0041\U000e0042\n"
    "Look-alikes: раураl.com, ｆｕｌｌｗｉｄｔｈ, ℌ𝔢𝔩𝔩𝔬, İstanbul, ﷽\n"
    "Wide and joined: 👩‍👩‍👧‍👦 🏳️‍🌈 🇪🇺 👋🏽 漢字テスト 한글 ก็็็็็ Z̷̡̛͎̦̿̈́a̸̧͛l̵̰̈g̷̲̍o̶̙̅"
)

_MARKDOWN = """```python
# a fence inside a fence
~~~
print("[red]not markup[/]")
~~~
```

| a | b |
|---|:-:|
| one cell | too | many |
| none

> > > > > > > > deep quote

- a
    - b
        - c
            - d
                - e [ ] [x] [X](
1. **bold *both** crossed*  `unclosed  ~~gone
![picture](http://127.0.0.1:1/tracker.png) [ref][missing] &lt;b&gt; &#x1b;[31m \\u001b[31m

```text
and a fence that never closes: [/] """


def hostile(prompt: Prompt) -> str:
    """The hostile answer; asked for a long line, one line of 100,000 bytes without a break."""
    if _LONG.search(prompt.text):
        return long_line()
    return "\n\n".join((_MARKUP, _ESCAPES, _UNICODE, _MARKDOWN))


def long_line() -> str:
    """100,000 bytes in one line, with a tag in it every so often."""
    block = "no break here, just words and a [red]tag[/] and more words; "
    return (block * (LONG_LINE_BYTES // len(block) + 1))[:LONG_LINE_BYTES]
