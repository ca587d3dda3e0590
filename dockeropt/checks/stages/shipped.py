"""Which stages end up in the image."""

from dockeropt.semantics.build import Build, Stage


def shipped_stages(build: Build) -> tuple[Stage, ...]:
    """Return the final stage and those it is FROM, nearest first: their layers are the image's."""
    return () if build.final_stage is None else build.lineage(build.final_stage)
