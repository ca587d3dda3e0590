"""Express, Fastify, Koa, Hono and any other Node program, with and without a build step."""

from dockeropt.rewrite.node.frameworks.framework import Framework, stack_of
from dockeropt.rewrite.node.output import Output, Server
from dockeropt.rewrite.node.project import Kind, Project
from dockeropt.rewrite.node.start import AppStart
from dockeropt.rewrite.stacks import Strength


def read_output(project: Project, start: AppStart | None) -> Output:
    """Return the whole app: what its build leaves is not known, so nothing of it is left behind."""
    if start is None:
        reason = "neither the old Dockerfile nor package.json says what starts it"
        return Output(Server(), refusal=reason)
    if start.is_development and start.program not in ("node", "nodemon", "ts-node-dev", "tsnd"):
        return Output(
            Server(), refusal=f"{start.text!r} is a development server, and nothing says what runs instead"
        )
    return Output(Server())


STACK = stack_of(
    Framework("node", "a Node app", Kind("Node", (), ()), read_output, Strength.TOOLCHAIN),
)
