"""Is an image still within what the team allows? ``snapshot``, ``baseline`` and ``budget`` → ``verdict``."""
