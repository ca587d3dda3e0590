"""Which parenthesis closes which."""

from dockeropt.shell import lexer


def match_parentheses(text: str) -> dict[int, int]:
    """Return where each opening parenthesis closes, as far as it does; what is quoted is left out.

    Enough to tell ``((1 + 2))`` from ``((a) | b)`` without trying both, which takes exponential time.
    """
    closes: dict[int, int] = {}
    opened: list[int] = []
    quote = -1
    skip = 0
    for bracket in lexer.BRACKET.finditer(text):
        at = bracket.start()
        sign = text[at]
        if at < skip or sign == "\\":
            continue
        quoted = bool(opened) and opened[-1] == quote
        if sign == '"':
            if quoted:
                opened.pop()
            else:
                opened.append(quote)
        elif sign == "'":
            if not quoted:
                skip = text.find("'", at + 1) + 1
        elif sign == "#":
            if not quoted:
                skip = text.find("\n", at)
                if skip < 0:
                    break
        elif sign == "(":
            if not quoted or text[at - 1 : at] == "$":
                opened.append(at)
        elif sign == ")" and opened and not quoted:
            closes[opened.pop()] = at
    return closes
