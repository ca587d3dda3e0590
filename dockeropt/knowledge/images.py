"""Images that are made to build in, and what to run on instead."""

from dockeropt.records import NamedTuple


class BuildImage(NamedTuple):
    """An image that carries a tool chain a running program does not need."""

    repositories: tuple[str, ...]
    """a name without a slash is Docker's own image, whatever registry mirrors it"""
    carries: str
    instead: str
    lean_tags: tuple[str, ...] = ()
    """parts of a tag that mean a lean variant, which is fine to run on"""
    fat_tags: tuple[str, ...] = ()
    """when not empty, only tags with one of these parts are build images"""
    runs_programs: bool = False
    """programs run on it as they are, so that a lean variant is what they need: node, python"""


_LEAN = ("alpine", "slim", "distroless", "chiseled", "windowsservercore", "nanoserver")

BUILD_IMAGES = (
    BuildImage(
        ("node",), "compilers and headers", "node:{version}-slim or node:{version}-alpine", _LEAN, (), True
    ),
    BuildImage(("python",), "compilers and headers", "python:{version}-slim", _LEAN, (), True),
    BuildImage(("ruby",), "compilers and headers", "ruby:{version}-slim", _LEAN, (), True),
    BuildImage(("perl",), "compilers and headers", "perl:{version}-slim", _LEAN, (), True),
    BuildImage(("buildpack-deps",), "compilers and headers", "debian:stable-slim"),
    BuildImage(("gcc",), "a compiler", "debian:stable-slim"),
    BuildImage(
        ("golang", "circleci/golang"),
        "the Go tool chain",
        "gcr.io/distroless/static or alpine, and copy the binary",
    ),
    BuildImage(
        ("rust",), "the Rust tool chain", "debian:stable-slim or gcr.io/distroless/cc, and copy the binary"
    ),
    BuildImage(
        ("haskell", "fpco/stack-build"), "the Haskell tool chain", "debian:stable-slim, and copy the binary"
    ),
    BuildImage(("swift",), "the Swift tool chain", "swift:{version}-slim, and copy the binary", ("slim",)),
    BuildImage(("maven",), "Maven and a JDK", "a JRE image such as eclipse-temurin:21-jre, and copy the jar"),
    BuildImage(
        ("gradle",), "Gradle and a JDK", "a JRE image such as eclipse-temurin:21-jre, and copy the jar"
    ),
    BuildImage(
        ("sbtscala/scala-sbt", "hseeberger/scala-sbt"), "sbt and a JDK", "a JRE image, and copy the jar"
    ),
    BuildImage(("eclipse-temurin",), "a JDK", "eclipse-temurin:{major}-jre", ("jre",)),
    BuildImage(("openjdk",), "a JDK", "eclipse-temurin:{major}-jre", ("jre",)),
    BuildImage(("amazoncorretto",), "a JDK", "eclipse-temurin:{major}-jre", ("headless",), ("jdk",)),
    BuildImage(("azul/zulu-openjdk", "azul/zulu-openjdk-alpine"), "a JDK", "its {major}-jre tag", ("jre",)),
    BuildImage(
        ("dotnet/sdk", "dotnet/core/sdk"),
        "the .NET SDK",
        "dotnet/aspnet:{version} or dotnet/runtime:{version}",
    ),
    BuildImage(("microsoft/dotnet",), "the .NET SDK", "its runtime tag", ("runtime",), ("sdk",)),
    BuildImage(("nvidia/cuda",), "CUDA's compiler and headers", "its -runtime or -base tag", (), ("devel",)),
    BuildImage(("composer",), "Composer", "php:fpm-alpine, and copy the vendor folder"),
)
