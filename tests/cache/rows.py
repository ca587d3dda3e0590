"""The table 'What makes a step run again' of the facts, as changes to small builds.

Each row is one change and the steps that it makes run again, named by the line they begin with. The model
is held to it by ``test_rows``, the engine by ``tests/engine/test_cache_table``. ``UNIQUE`` stands for a word
that is new in every test run.
"""

from collections.abc import Mapping

from tests.cache.row import Row
from tests.cache.rows_of_files import COPIES, LINKS, MOUNTS, STAGES
from tests.cache.rows_of_instructions import METADATA, SPELLING, VARIABLES, WORKDIRS

ROWS: Mapping[str, Row] = METADATA | SPELLING | VARIABLES | WORKDIRS | COPIES | LINKS | STAGES | MOUNTS
