"""Writing a draft through the templates."""

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dockeropt.records import NamedTuple
from dockeropt.resources import data_folder
from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.ignore_plan import IgnorePlan
from dockeropt.rewrite.stacks import Draft


class Rewritten(NamedTuple):
    """The two files, and why they are as they are."""

    dockerfile: str
    ignore: str
    decisions: tuple[Decision, ...]

    @property
    def notices(self) -> tuple[Decision, ...]:
        """The decisions that ask something of the user, or that leave something of the old image out."""
        return tuple(decision for decision in self.decisions if decision.is_notice)


def render(draft: Draft) -> str:
    """Return the Dockerfile of a draft."""
    return _templates().get_template(draft.template).render(draft.values)


def render_ignore(plan: IgnorePlan) -> str:
    """Return the .dockerignore of a plan."""
    return _templates().get_template("dockerignore.j2").render(ignore=plan)


def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(f"{data_folder('templates')}/dockerfile"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - a Dockerfile is no HTML
    )
