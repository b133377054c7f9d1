"""Evaluate arithmetic in a prompt exactly, with fractions: 0.1 + 0.2 is 0.3."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable
from fractions import Fraction
from math import isqrt

_WORDS = (
    (re.compile(r"(\d[\d.,]*)\s*(?:%|percent)\s+of\s+(\d)", re.I), r"\1 / 100 * \2"),
    (re.compile(r"\bplus\b", re.I), "+"),
    (re.compile(r"\bminus\b", re.I), "-"),
    (re.compile(r"\b(?:times|multiplied by)\b|[×·]|(?<=\d)\s*x\s*(?=\d)", re.I), "*"),
    (re.compile(r"\b(?:divided by|over)\b|÷", re.I), "/"),
    (re.compile(r"\b(?:to the power of)\b|\^", re.I), "**"),
    (re.compile(r"\bsquared\b", re.I), "**2"),
    (re.compile(r"(?<=\d),(?=\d{3}\b)"), ""),
)
_EXPRESSION = re.compile(r"[\d(.\-][\d\s().+\-*/%]*[\d)]")
_ROOT = re.compile(r"(?:square root of|sqrt\s*\(?|√)\s*(\d+)", re.IGNORECASE)
_REQUEST = re.compile(
    r"\b(?:what(?:'s| is)|calculate|compute|how much is|evaluate|solve|sum)\b|=\s*\??\s*$", re.IGNORECASE
)
_DATE = re.compile(r"\b\d{4}-\d\d-\d\d\b")
_OPERATORS: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: lambda a, b: Fraction(a // b),
    ast.Mod: operator.mod,
}
_MAX_POWER = 200
_MAX_BASE_BITS = 40


def solve(text: str) -> tuple[str, str] | None:
    """The expression in `text` and its result, both as written for people; `None` when there is none.

    A division by zero has the result `undefined`.
    """
    root = _ROOT.search(text)
    if root:
        number = int(root[1][:30])
        whole = isqrt(number)
        return f"√{number}", str(whole) if whole * whole == number else f"≈ {number**0.5:.6g}"
    plain = _DATE.sub(" ", text)
    for pattern, sign in _WORDS:
        plain = pattern.sub(sign, plain)
    candidates = [match[0].strip() for match in _EXPRESSION.finditer(plain)]
    candidates = [c for c in candidates if re.search(r"\d\s*\)?\s*[-+*/%]", c)]
    if not candidates:
        return None
    expression = max(candidates, key=len)
    alone = len(expression) >= len(plain.strip(" =?.!\n")) - 1
    if not alone and not _REQUEST.search(text):
        return None
    result = _evaluate(expression)
    return None if result is None else (_format_expression(expression), result)


def _evaluate(expression: str) -> str | None:
    try:
        return _format_result(_value(ast.parse(expression[:200], mode="eval").body))
    except ZeroDivisionError:
        return "undefined"
    except (SyntaxError, ValueError, RecursionError, OverflowError, MemoryError):
        return None


def _value(node: ast.expr) -> Fraction:
    match node:
        case ast.Constant(value=int() | float() as number):
            return Fraction(str(number))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _value(operand)
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return _power(_value(left), _value(right))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)](_value(left), _value(right))
    raise ValueError("not an expression")


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    size = base.numerator.bit_length() + base.denominator.bit_length()
    if exponent.denominator != 1 or abs(exponent) > _MAX_POWER or size > _MAX_BASE_BITS:
        raise ValueError("power too large")
    return Fraction(base ** int(exponent))


def _format_result(value: Fraction) -> str:
    if value.denominator == 1:
        return str(value.numerator)
    decimal = f"{float(value):.10g}"
    return decimal if Fraction(decimal) == value else f"≈ {decimal}"


def _format_expression(expression: str) -> str:
    spaced = re.sub(r"(?<=[\d)])\s*(\*\*|[-+*/%])\s*", r" \1 ", " ".join(expression.split()))
    return spaced.replace("**", "^").replace("*", "×").replace("/", "÷")
