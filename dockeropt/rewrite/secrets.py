"""Which variables hold credentials, by their name."""

import re

_NAME = re.compile(
    r"(?i)(?:^|_)(?:token|secret|passwd|password|pwd|auth|credentials?|api_?key|private_?key|access_?key"
    r"|apikey|dsn)(?:$|_)"
)


def is_secret_name(name: str) -> bool:
    """Tell whether a variable of that name holds a credential; ``PUBLIC`` ones do not."""
    return _NAME.search(name) is not None and "PUBLIC" not in name.upper()
