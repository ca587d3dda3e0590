"""Writing a plan through the templates."""

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dockeropt.records import NamedTuple
from dockeropt.resources import data_folder
from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.plan import Plan


class Rewritten(NamedTuple):
    """The two files, and why they are as they are."""

    dockerfile: str
    ignore: str
    decisions: tuple[Decision, ...]

    @property
    def notices(self) -> tuple[Decision, ...]:
        """The decisions that ask something of the user, or that leave something of the old image out."""
        return tuple(decision for decision in self.decisions if decision.is_notice)


def render(plan: Plan) -> Rewritten:
    """Return the Dockerfile and the .dockerignore of a plan."""
    templates = Environment(
        loader=FileSystemLoader(f"{data_folder('templates')}/dockerfile"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - a Dockerfile is no HTML
    )
    values: dict[str, object] = {**plan._asdict(), "base": "/"}
    name = "nuxt-server.j2"
    if plan.static is not None:
        name = "nuxt-static.j2"
        values["base"] = f"/{plan.static.base}/" if plan.static.base else "/"
    dockerfile = templates.get_template(name).render(values)
    ignore = templates.get_template("dockerignore.j2").render(values)
    return Rewritten(dockerfile, ignore, plan.decisions)
