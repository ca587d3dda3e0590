"""Diagnostics as GitLab's code quality report."""

import json
from collections.abc import Iterable

from dockeropt.diagnostics.diagnostic import Diagnostic
from dockeropt.report.codeclimate import issue_of
from dockeropt.report.fingerprint import with_fingerprints


def render(diagnostics: Iterable[Diagnostic]) -> str:
    """Return a list of Code Climate issues with the fingerprint by which GitLab tells old from new."""
    issues = [
        {**issue_of(diagnostic), "fingerprint": fingerprint}
        for diagnostic, fingerprint in with_fingerprints(diagnostics)
    ]
    return json.dumps(issues, indent=2) + "\n"
