"""What engine tests share.

``token`` is new for each test: put it into a RUN and into copied files, and no older cache answers.
"""

from uuid import uuid4

import pytest


@pytest.fixture
def token() -> str:
    """A word no build has seen yet."""
    return uuid4().hex[:12]
