"""The word somebody meant."""

from collections.abc import Iterable


def closest(word: str, names: Iterable[str]) -> str | None:
    """Return the name that a misspelt word stands for, or None when none is near enough.

    Near is one edit for up to four letters, two for more; an edit adds, drops or changes a letter,
    or swaps two neighbours. Of equally near names the one with the same first letter wins, then the
    first of the alphabet.
    """
    limit = 1 if len(word) <= 4 else 2
    letters = set(word)
    ranked = [
        (distance, name[:1] != word[:1], name)
        for name in names
        # An edit takes at most one letter away and brings one in: most names need no closer look.
        if abs(len(name) - len(word)) <= limit
        and len(letters.symmetric_difference(name)) <= 2 * limit
        and (distance := _distance(word, name)) <= limit
    ]
    return min(ranked)[2] if ranked else None


def _distance(first: str, second: str) -> int:
    """Return the edits between two words (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, a in enumerate(first, 1):
        new = [i]
        for j, b in enumerate(second, 1):
            cost = min(row[j] + 1, new[j - 1] + 1, row[j - 1] + (a != b))
            if i > 1 and j > 1 and a == second[j - 2] and b == first[i - 2]:
                cost = min(cost, before[j - 2] + 1)
            new.append(cost)
        before, row = row, new
    return row[-1]
