"""The playground under a thousand tokens a second: does it keep up, and how long does a key wait meanwhile?

    pip install -e '.[bench]' && python benchmarks/playground.py [ANSWERS] [TOKENS]

The real app on the real sandbox in a real pty. While each answer streams a letter is typed every 0.15 s; a
key has been painted when its letter was written to the terminal. Linux and macOS. All answers are of one
conversation, so that no more of them fit than the model can read: six of 20,000 tokens.
"""

from __future__ import annotations

import statistics
import sys
import time

from terminal import Terminal

COMMAND = [sys.executable, "-m", "zaguan_tui", "--demo"]
PACE = 1000
LETTERS = [chr(code) for code in range(0x410, 0x44F)]
"""Letters that no answer holds: each is looked for in what the program writes."""

ENTER, BACKSPACE = "\r", "\x7f"
BETWEEN_KEYS_S = 0.15
PAUSE_S = 6.0
"""A person reads before asking again; the program tidies its memory meanwhile."""


def stream(terminal: Terminal, tokens: int) -> tuple[float, list[float]]:
    """Ask for one answer and type while it comes; seconds it took, and the wait of each key in ms."""
    terminal.press("Write on" + ENTER)
    began = terminal.wait_for("streaming")
    waits, place = [], 0
    while time.perf_counter() - began < tokens / PACE * 0.95:
        letter = LETTERS[place % len(LETTERS)]
        place += 1
        pressed = terminal.press(letter)
        waits.append((terminal.wait_for(letter) - pressed) * 1000)
        terminal.press(BACKSPACE)
        terminal.pass_time(BETWEEN_KEYS_S)
    ended = terminal.wait_for("finished")
    return ended - began, waits


def main(answers: int, tokens: int) -> None:
    """Print a line for each answer, and the figures of all."""
    with Terminal(COMMAND) as terminal:
        terminal.wait_for("sk something")
        terminal.wait_for("per M")
        terminal.press("\x0f")
        terminal.pass_time(1.0)
        terminal.press("sandbox/fast-1000")
        terminal.pass_time(1.0)
        terminal.press(ENTER)
        terminal.wait_for("fast-1000")
        terminal.pass_time(1.0)
        memory, waits = [terminal.rss_mb], []
        print(f"before the first answer {memory[0]:6.1f} MB")
        for number in range(answers):
            cpu = terminal.cpu_s
            took, keys = stream(terminal, tokens)
            terminal.pass_time(PAUSE_S)
            waits += keys
            memory.append(terminal.rss_mb)
            p50, p95 = statistics.median(keys), statistics.quantiles(keys, n=20)[-1]
            print(
                f"answer {number + 1}: {took:5.1f} s for {tokens:,} tokens   key to paint p50 {p50:4.0f} ms, "
                f"p95 {p95:4.0f} ms (n={len(keys)})   {memory[-1]:6.1f} MB   "
                f"{(terminal.cpu_s - cpu) / took * 100:3.0f} % of a core"
            )
        p95 = statistics.quantiles(waits, n=20)[-1]
        print(f"all: key to paint p50 {statistics.median(waits):.0f} ms, p95 {p95:.0f} ms, n={len(waits)}")
        if answers > 2:
            growth = (memory[-1] - memory[2]) / (answers - 2)
            print(f"memory per answer from the third on: {growth:+.1f} MB")


if __name__ == "__main__":
    arguments = [int(argument) for argument in sys.argv[1:]]
    main(*(arguments + [3, 20_000][len(arguments) :]))
