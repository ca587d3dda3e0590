"""npm packages whose installation needs more than Node: compilers, libraries, a certain libc.

A package with prebuilt binaries for musl and glibc in the registry (sharp from 0.33, esbuild, bcrypt 6)
is not here: it needs nothing.
"""

from dockeropt.records import NamedTuple


class NativePackage(NamedTuple):
    """What an npm package needs; Debian's names, ``system_packages`` has Alpine's."""

    name: str
    compiles: bool = False
    """node-gyp may run, at least where no binary can be downloaded"""
    build: tuple[str, ...] = ()
    """libraries to compile against"""
    run: tuple[str, ...] = ()
    """libraries and programs the server needs"""
    needs_glibc: bool = False
    """publishes no binaries for musl"""
    before: int | None = None
    """only versions below this major need it"""


TOOLCHAIN = ("python3", "make", "g++")
"""what node-gyp needs"""

NATIVE_PACKAGES = (
    NativePackage("argon2", compiles=True),
    NativePackage("bcrypt", compiles=True, before=6),
    NativePackage("better-sqlite3", compiles=True),
    NativePackage(
        "canvas",
        compiles=True,
        build=("libcairo2-dev", "libpango1.0-dev", "libjpeg-dev", "libgif-dev", "librsvg2-dev"),
        run=(
            "libcairo2",
            "libpango-1.0-0",
            "libpangocairo-1.0-0",
            "libjpeg62-turbo",
            "libgif7",
            "librsvg2-2",
        ),
        before=3,
    ),
    NativePackage("couchbase", compiles=True),
    NativePackage("deasync", compiles=True),
    NativePackage("duckdb", compiles=True, needs_glibc=True),
    NativePackage("ibm_db", compiles=True, needs_glibc=True),
    NativePackage("isolated-vm", compiles=True),
    NativePackage("kerberos", compiles=True, build=("libkrb5-dev",), run=("libkrb5-3",)),
    NativePackage("leveldown", compiles=True),
    NativePackage("libxmljs", compiles=True),
    NativePackage("libxmljs2", compiles=True),
    NativePackage("node-pty", compiles=True),
    NativePackage("node-rdkafka", compiles=True, build=("librdkafka-dev",), run=("librdkafka1",)),
    NativePackage("node-sass", compiles=True),
    NativePackage("onnxruntime-node", needs_glibc=True),
    NativePackage("oracledb", needs_glibc=True),
    NativePackage("pg-native", compiles=True, build=("libpq-dev",), run=("libpq5",)),
    NativePackage("re2", compiles=True),
    NativePackage("sqlite3", compiles=True),
    NativePackage("usb", compiles=True, build=("libudev-dev",), run=("libudev1",)),
    NativePackage("zeromq", compiles=True),
    NativePackage("@tensorflow/tfjs-node", compiles=True, needs_glibc=True),
    NativePackage("@xenova/transformers", needs_glibc=True),
    NativePackage("@huggingface/transformers", needs_glibc=True),
)

BROWSER_DOWNLOADS = {
    "cypress": ("CYPRESS_INSTALL_BINARY", "0"),
    "puppeteer": ("PUPPETEER_SKIP_DOWNLOAD", "true"),
}
"""packages that download a browser when installed, and the variable that stops them"""
