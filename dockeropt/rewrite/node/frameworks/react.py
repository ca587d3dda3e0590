"""Create React App: as Vite, with other folders."""

from dockeropt.rewrite.node.frameworks.framework import Framework, stack_of
from dockeropt.rewrite.node.frameworks.vite import read_output
from dockeropt.rewrite.node.project import Kind
from dockeropt.rewrite.stacks import Strength

STACK = stack_of(
    Framework(
        "react",
        "a Create React App",
        Kind("Create React App", ("react-scripts",), ()),
        read_output,
        Strength.BUNDLER,
    )
)
