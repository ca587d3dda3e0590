"""Whether a script of package.json can be run by npm alone."""

import re
from collections.abc import Mapping

from dockeropt.rewrite.scripts import expand


def calls_other_manager(name: str, scripts: Mapping[str, str]) -> bool:
    """Tell whether a script, or one it calls, needs yarn, pnpm or bun to be there."""
    texts = " ; ".join(expand(scripts.get(each, ""), scripts) for each in (f"pre{name}", name, f"post{name}"))
    return re.search(r"(?:^|[\s;&|(])(?:yarn|pnpm|bunx?)\s", texts) is not None
