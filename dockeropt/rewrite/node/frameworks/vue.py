"""Vue CLI: as Vite, with other folders."""

from dockeropt.rewrite.node.frameworks.framework import Framework, stack_of
from dockeropt.rewrite.node.frameworks.vite import read_output
from dockeropt.rewrite.node.project import Kind
from dockeropt.rewrite.stacks import Strength

STACK = stack_of(
    Framework(
        "vue",
        "a Vue CLI app",
        Kind("Vue CLI", ("@vue/cli-service",), ("vue.config.js", "vue.config.cjs", "vue.config.mjs")),
        read_output,
        Strength.BUNDLER,
    )
)
