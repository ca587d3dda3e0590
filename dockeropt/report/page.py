"""Pages for browsers out of templates/report: each one file that needs nothing from elsewhere."""

from typing import Any

from dockeropt.report.characters import well_formed
from dockeropt.resources import data_folder


def render_page(template: str, **values: Any) -> str:
    """Return the page a template makes of values; whatever they hold is text, never markup."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    templates = Environment(
        loader=FileSystemLoader(f"{data_folder('templates')}/report"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=True,
    )
    return well_formed(templates.get_template(template).render(**values))
