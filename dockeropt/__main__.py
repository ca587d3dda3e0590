"""``python -m dockeropt``."""

import sys

from dockeropt.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
