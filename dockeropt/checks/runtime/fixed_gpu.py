"""DO3008: an image that asks for one certain GPU."""

import re
from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.stages.shipped import shipped_stages
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.semantics.build import Build
from dockeropt.syntax.instructions import Env

_VARIABLES = ("NVIDIA_VISIBLE_DEVICES", "CUDA_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES")
_DEVICES = r"\d+(?:,\d+)*|(?:GPU|MIG)-[0-9a-fA-F-]+.*"


def check(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at each variable of the image that names devices by number."""
    for stage in shipped_stages(build):
        for view in stage.views:
            if not isinstance(view, Env):
                continue
            for pair in view.pairs:
                value = pair.value.value if pair.value is not None else ""
                if pair.key.value in _VARIABLES and re.fullmatch(_DEVICES, value):
                    yield Finding(
                        pair.key.span,
                        f"the image wants GPU `{value}` of whatever machine it runs on; "
                        f"leave `{pair.key.value}` to the one who starts it",
                    )


RULE = Rule("DO3008", "fixed-gpu", Severity.WARNING, Build, check, aliases=("no-hardcoded-visible-devices",))
