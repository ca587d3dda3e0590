"""Where the rule pages and the templates are, in a checkout as in an installed wheel."""

import os

_PACKAGE = os.path.dirname(os.path.abspath(__file__))


def data_folder(name: str) -> str:
    """Return the path of ``rules`` or ``templates``: beside the code in a wheel, else at the root."""
    packaged = os.path.join(_PACKAGE, "data", name)
    return packaged if os.path.isdir(packaged) else os.path.join(os.path.dirname(_PACKAGE), name)


def rule_page(code: str) -> str | None:
    """Return the text of a rule's page, None where there is none (ShellCheck's codes)."""
    try:
        with open(os.path.join(data_folder("rules"), f"{code}.md"), encoding="utf-8") as page:
            return page.read()
    except FileNotFoundError:
        return None
