"""Names of files against patterns of a table."""


def is_named(name: str, pattern: str) -> bool:
    """Tell whether a name is that of a pattern whose only wildcard is ``*``.

    Most names are told by how they begin and end; fnmatch would compile every pattern first.
    """
    head, star, rest = pattern.partition("*")
    if not star:
        return name == pattern
    if not (name.startswith(head) and name.endswith(rest.rpartition("*")[2])):
        return False
    from fnmatch import fnmatchcase

    return fnmatchcase(name, pattern)
