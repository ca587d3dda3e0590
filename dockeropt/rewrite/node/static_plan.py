"""The last stage of an app that is static files: nginx, without root."""

import re
from posixpath import join

from dockeropt.records import NamedTuple
from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.intent import FileCopy, Intent, Variable
from dockeropt.rewrite.node.output import Static
from dockeropt.rewrite.node.project import Project
from dockeropt.rewrite.node.start import AppStart
from dockeropt.rewrite.steps import CopyStep

_IMAGE = "nginx:stable-alpine"
_PORT = 8080
_ROOT = "/usr/share/nginx/html"
_MAIN = "/etc/nginx/nginx.conf"


class StaticPlan(NamedTuple):
    """A file server; ``configuration`` are the user's own files, without them the template writes one."""

    image: str
    port: int
    base: str
    """the app's base path, without slashes at its ends"""
    target: str
    configuration: tuple[CopyStep, ...]
    writes_main: bool
    """nginx.conf is written so that the server runs without root"""
    needed: tuple[str, ...]
    decisions: tuple[Decision, ...]
    source: str = ""
    """the folder in the build stage"""
    immutable: tuple[str, ...] = ()
    fallback: str = "200.html"
    labels: tuple[Variable, ...] = ()

    @property
    def is_single_page(self) -> bool:
        """Whether unknown paths are the app's own to route."""
        return self.fallback not in ("", "404.html")


def plan_files(
    project: Project, intent: Intent | None, start: AppStart | None, files: Static, source: str
) -> StaticPlan:
    """Return the file server for what a build leaves in ``source``."""
    decisions: list[Decision] = []
    port, reason = _PORT, "a user other than root may always listen there"
    started = None if start is None else start.port
    if started is not None:
        port, reason = started, "the old start command says so"
    elif intent is not None and intent.ports:
        port, reason = intent.ports[0], "the old Dockerfile exposes it"
    decisions.append(Decision("port", str(port), reason))
    decisions.append(Decision("file server", _IMAGE, "it serves static files in a few MB, without Node"))
    decisions.append(Decision("user", "101, the image's own nginx", "nothing it writes is outside /tmp"))
    if files.is_single_page:
        reason = "the page routes in the browser, so that every path has to answer with it"
        decisions.append(Decision("unknown paths", f"get {files.fallback}", reason))
    names = () if intent is None else tuple(v.name for v in intent.final.environment if "$" not in v.name)
    gone = [name for name in names if name not in ("NODE_ENV", "PORT", "HOST", "PATH", "CI")]
    if gone:
        reason = "they are set for the build; a file server reads none when it runs"
        decisions.append(Decision("environment", ", ".join(gone), reason))
    labels = () if intent is None else tuple(v for v in intent.labels if not v.uses)
    return StaticPlan(
        _IMAGE,
        port,
        files.base,
        join(_ROOT, files.base) if files.base else _ROOT,
        (),
        True,
        (),
        tuple(decisions),
        source,
        files.immutable,
        files.fallback,
        labels,
    )


def plan_static(project: Project, intent: Intent | None, public: str) -> StaticPlan:
    """Return the file server for the folder ``public`` of the build stage."""
    image = _IMAGE
    decisions: list[Decision] = []
    old = None if intent is None else intent.final.image
    if old is not None and "nginx" in old.last_name and old.tag not in (None, "latest"):
        image = str(old)
        decisions.append(Decision("file server", image, "the old Dockerfile says so"))
    else:
        decisions.append(Decision("file server", image, "it serves static files in a few MB, without Node"))
    base = (project.app.text_setting("app.baseURL") or "/").strip("/")
    copies = (
        () if intent is None else tuple(c for c in intent.copies if c.stage is None and _is_configuration(c))
    )
    copies = tuple(
        copy for copy in copies if all(project.has(source.lstrip("./")) for source in copy.sources)
    )
    configuration = tuple(CopyStep(tuple(s.removeprefix("./") for s in c.sources), c.target) for c in copies)
    has_main = any(copy.target == _MAIN or copy.target.endswith("/nginx.conf") for copy in copies)
    port = _port(project, intent, copies, decisions)
    if configuration:
        names = ", ".join(source for step in configuration for source in step.sources)
        decisions.append(Decision("file server", f"{names} kept", "it is the app's own configuration"))
    if has_main:
        reason = (
            "the app brings its own nginx.conf, which decides where its process id and temporary files go"
        )
        decisions.append(Decision("user", "as nginx.conf says", reason, is_notice=True))
    else:
        decisions.append(Decision("user", "101, the image's own nginx", "nothing it writes is outside /tmp"))
    target = join(_ROOT, base) if base else _ROOT
    for copy in () if intent is None else intent.copies:
        if copy.is_stage and any(s.rstrip("/").endswith(("public", "dist")) for s in copy.sources):
            target = copy.target.rstrip("/") or target
    return StaticPlan(
        image,
        port,
        base,
        target,
        configuration,
        not has_main,
        tuple(source for step in configuration for source in step.sources),
        tuple(decisions),
    )


def _is_configuration(copy: FileCopy) -> bool:
    return "/nginx" in copy.target or any(source.endswith((".conf", ".template")) for source in copy.sources)


def _port(
    project: Project, intent: Intent | None, copies: tuple[FileCopy, ...], decisions: list[Decision]
) -> int:
    for copy in copies:
        for source in copy.sources:
            found = re.search(
                r"^\s*listen\s+(?:[\w.:\[\]]*:)?(\d+)", project.read(source.removeprefix("./")), re.MULTILINE
            )
            if found is not None:
                decisions.append(Decision("port", found[1], f"{source} listens there"))
                return int(found[1])
    if intent is not None and intent.ports:
        decisions.append(Decision("port", str(intent.ports[0]), "the old Dockerfile exposes it"))
        return intent.ports[0]
    decisions.append(Decision("port", str(_PORT), "a user other than root may always listen there"))
    return _PORT
