"""Commands that turn sources into what runs, and packages that are there only for that."""

from dockeropt.knowledge.words import words
from dockeropt.records import NamedTuple


class BuildCommand(NamedTuple):
    """A program, the words that make it build, and what it needs that a running program does not."""

    programs: tuple[str, ...]
    words: tuple[str, ...]
    """any one of these among the arguments; empty where the program alone builds"""
    leaves: str
    """what stays behind in the image besides the result"""
    is_compiler: bool = False
    """builds with tools that are installed on their own, so that they may be gone when it is done"""


_NODE = "the sources, devDependencies and the package manager's cache"

BUILD_COMMANDS = (
    BuildCommand(
        ("npm", "yarn", "pnpm", "bun"), ("build", "generate", "build:prod", "build:production"), _NODE
    ),
    BuildCommand(
        ("nuxt", "nuxi", "next", "vite", "ng", "vue-cli-service", "react-scripts"),
        ("build", "generate"),
        _NODE,
    ),
    BuildCommand(("tsc", "webpack", "rollup", "esbuild", "gulp", "grunt"), (), _NODE),
    BuildCommand(("go",), ("build", "install"), "the Go tool chain, the modules and the sources"),
    BuildCommand(("cargo",), ("build", "b"), "the Rust tool chain, the crates and the sources"),
    BuildCommand(
        ("mvn", "mvnw"), ("package", "install", "verify"), "Maven, the JDK, its repository and the sources"
    ),
    BuildCommand(
        ("gradle", "gradlew"),
        ("build", "assemble", "bootJar", "jar", "shadowJar", "installDist", "war"),
        "Gradle, the JDK, its caches and the sources",
    ),
    BuildCommand(("dotnet",), ("publish", "build"), "the .NET SDK, the packages and the sources"),
    BuildCommand(("sbt",), ("assembly", "stage", "package", "dist"), "sbt, the JDK and the sources"),
    BuildCommand(("stack", "cabal"), ("build", "install"), "the Haskell tool chain and the sources"),
    BuildCommand(("swift",), ("build",), "the Swift tool chain and the sources"),
    BuildCommand(("mix",), ("release",), "Elixir's build tools and the sources"),
    BuildCommand(
        ("make", "gmake", "ninja", "cmake", "gcc", "g++", "cc", "c++", "clang", "clang++"),
        (),
        "the compiler and the sources",
        True,
    ),
)
BY_PROGRAM = {program: command for command in BUILD_COMMANDS for program in command.programs}

BUILD_PACKAGES = words(
    "autoconf automake bison build-base build-essential cargo clang cmake cmake3 default-jdk "
    "default-jdk-headless devscripts flex g++ gcc gcc-c++ gfortran go golang golang-go gradle "
    "libtool linux-headers make maven meson musl-dev nasm ninja-build openjdk-11-jdk "
    "openjdk-17-jdk openjdk-21-jdk openjdk-8-jdk rust rustc yasm"
)
"""distribution packages that only a build needs"""
