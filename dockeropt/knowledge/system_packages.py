"""Names of system packages in Debian and Alpine, and what each is for in an image of a Node app."""

from enum import Enum

from dockeropt.records import NamedTuple


class Purpose(Enum):
    """Where a package is wanted."""

    BUILD = "build"
    RUN = "run"
    PROBE = "probe"
    """only a health check used it; Node's own fetch does that"""
    INIT = "init"
    """an init for PID 1; Nitro's server handles SIGTERM itself"""
    TOOL = "tool"
    """for a person in a shell"""


class SystemPackage(NamedTuple):
    """One package: its names are empty where the distribution has none or the image already has it."""

    debian: str
    alpine: str
    purpose: Purpose


SYSTEM_PACKAGES = (
    SystemPackage("python3", "python3", Purpose.BUILD),
    SystemPackage("python", "python3", Purpose.BUILD),
    SystemPackage("make", "make", Purpose.BUILD),
    SystemPackage("g++", "g++", Purpose.BUILD),
    SystemPackage("gcc", "gcc", Purpose.BUILD),
    SystemPackage("build-essential", "build-base", Purpose.BUILD),
    SystemPackage("git", "git", Purpose.BUILD),
    SystemPackage("autoconf", "autoconf", Purpose.BUILD),
    SystemPackage("automake", "automake", Purpose.BUILD),
    SystemPackage("libtool", "libtool", Purpose.BUILD),
    SystemPackage("cmake", "cmake", Purpose.BUILD),
    SystemPackage("nasm", "nasm", Purpose.BUILD),
    SystemPackage("pkg-config", "pkgconf", Purpose.BUILD),
    SystemPackage("pkg-config", "pkgconfig", Purpose.BUILD),
    SystemPackage("libc6-dev", "musl-dev", Purpose.BUILD),
    SystemPackage("linux-libc-dev", "linux-headers", Purpose.BUILD),
    SystemPackage("patch", "patch", Purpose.BUILD),
    SystemPackage("unzip", "unzip", Purpose.BUILD),
    SystemPackage("zip", "zip", Purpose.BUILD),
    SystemPackage("rsync", "rsync", Purpose.BUILD),
    SystemPackage("openssh-client", "openssh-client", Purpose.BUILD),
    SystemPackage("libvips-dev", "vips-dev", Purpose.BUILD),
    SystemPackage("libcairo2-dev", "cairo-dev", Purpose.BUILD),
    SystemPackage("libpango1.0-dev", "pango-dev", Purpose.BUILD),
    SystemPackage("libjpeg-dev", "jpeg-dev", Purpose.BUILD),
    SystemPackage("libgif-dev", "giflib-dev", Purpose.BUILD),
    SystemPackage("librsvg2-dev", "librsvg-dev", Purpose.BUILD),
    SystemPackage("libpng-dev", "libpng-dev", Purpose.BUILD),
    SystemPackage("libpq-dev", "libpq-dev", Purpose.BUILD),
    SystemPackage("libkrb5-dev", "krb5-dev", Purpose.BUILD),
    SystemPackage("librdkafka-dev", "librdkafka-dev", Purpose.BUILD),
    SystemPackage("libudev-dev", "eudev-dev", Purpose.BUILD),
    SystemPackage("libsqlite3-dev", "sqlite-dev", Purpose.BUILD),
    SystemPackage("libssl-dev", "openssl-dev", Purpose.BUILD),
    SystemPackage("libffi-dev", "libffi-dev", Purpose.BUILD),
    SystemPackage("zlib1g-dev", "zlib-dev", Purpose.BUILD),
    SystemPackage("curl", "curl", Purpose.PROBE),
    SystemPackage("wget", "wget", Purpose.PROBE),
    SystemPackage("tini", "tini", Purpose.INIT),
    SystemPackage("dumb-init", "dumb-init", Purpose.INIT),
    SystemPackage("vim", "vim", Purpose.TOOL),
    SystemPackage("nano", "nano", Purpose.TOOL),
    SystemPackage("less", "less", Purpose.TOOL),
    SystemPackage("htop", "htop", Purpose.TOOL),
    SystemPackage("procps", "procps", Purpose.TOOL),
    SystemPackage("sudo", "sudo", Purpose.TOOL),
    SystemPackage("bash", "bash", Purpose.RUN),
    SystemPackage("openssl", "openssl", Purpose.RUN),
    SystemPackage("ca-certificates", "ca-certificates", Purpose.RUN),
    SystemPackage("tzdata", "tzdata", Purpose.RUN),
    SystemPackage("ffmpeg", "ffmpeg", Purpose.RUN),
    SystemPackage("imagemagick", "imagemagick", Purpose.RUN),
    SystemPackage("graphicsmagick", "graphicsmagick", Purpose.RUN),
    SystemPackage("ghostscript", "ghostscript", Purpose.RUN),
    SystemPackage("poppler-utils", "poppler-utils", Purpose.RUN),
    SystemPackage("chromium", "chromium", Purpose.RUN),
    SystemPackage("fontconfig", "fontconfig", Purpose.RUN),
    SystemPackage("fonts-dejavu", "ttf-dejavu", Purpose.RUN),
    SystemPackage("fonts-freefont-ttf", "ttf-freefont", Purpose.RUN),
    SystemPackage("fonts-noto", "font-noto", Purpose.RUN),
    SystemPackage("fonts-noto-cjk", "font-noto-cjk", Purpose.RUN),
    SystemPackage("postgresql-client", "postgresql-client", Purpose.RUN),
    SystemPackage("default-mysql-client", "mysql-client", Purpose.RUN),
    SystemPackage("sqlite3", "sqlite", Purpose.RUN),
    SystemPackage("jq", "jq", Purpose.RUN),
    SystemPackage("gosu", "su-exec", Purpose.RUN),
    SystemPackage("libvips42", "vips", Purpose.RUN),
    SystemPackage("libvips", "vips", Purpose.RUN),
    SystemPackage("libcairo2", "cairo", Purpose.RUN),
    SystemPackage("libpango-1.0-0", "pango", Purpose.RUN),
    SystemPackage("libpangocairo-1.0-0", "pango", Purpose.RUN),
    SystemPackage("libjpeg62-turbo", "libjpeg-turbo", Purpose.RUN),
    SystemPackage("libgif7", "giflib", Purpose.RUN),
    SystemPackage("librsvg2-2", "librsvg", Purpose.RUN),
    SystemPackage("libpq5", "libpq", Purpose.RUN),
    SystemPackage("libkrb5-3", "krb5-libs", Purpose.RUN),
    SystemPackage("librdkafka1", "librdkafka", Purpose.RUN),
    SystemPackage("libudev1", "eudev-libs", Purpose.RUN),
    SystemPackage("libstdc++6", "libstdc++", Purpose.RUN),
    SystemPackage("", "libc6-compat", Purpose.RUN),
    SystemPackage("", "gcompat", Purpose.RUN),
)

_DEBIAN = {package.debian: package for package in reversed(SYSTEM_PACKAGES) if package.debian}
_ALPINE = {package.alpine: package for package in reversed(SYSTEM_PACKAGES) if package.alpine}


def debian_package(name: str) -> SystemPackage | None:
    """Return the package Debian calls so."""
    return _DEBIAN.get(name)


def alpine_package(name: str) -> SystemPackage | None:
    """Return the package Alpine calls so."""
    return _ALPINE.get(name)
