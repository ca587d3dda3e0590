"""Python packages that need something of the system at run time, or a compiler to be installed.

A wheel brings the libraries it was built against; what is here is built from source on most machines, opens
a library by its name, or calls a program. Names are Debian's; ``system_packages`` has Alpine's.
"""

from dockeropt.knowledge.words import words
from dockeropt.records import NamedTuple


class PythonPackage(NamedTuple):
    """What a distribution on PyPI needs, by its normalized name."""

    name: str
    run: tuple[str, ...]
    """system packages beside the running app"""
    compiles: bool = False
    """there is no wheel of it for Linux, so that a compiler builds it"""
    build: tuple[str, ...] = ()
    """headers it is compiled against; an image with compilers has those of the common libraries"""


PYTHON_PACKAGES = (
    PythonPackage("audioop-lts", ()),
    PythonPackage("cairocffi", ("libcairo2",)),
    PythonPackage("cairosvg", ("libcairo2",)),
    PythonPackage("dbus-python", ("libdbus-1-3",), True, ("libdbus-1-dev", "libglib2.0-dev")),
    PythonPackage("evdev", (), True),
    PythonPackage("ffmpeg-python", ("ffmpeg",)),
    PythonPackage("gdal", ("gdal-bin",), True, ("libgdal-dev",)),
    PythonPackage("gitpython", ("git",)),
    PythonPackage("graphviz", ("graphviz",)),
    PythonPackage("lightgbm", ("libgomp1",)),
    PythonPackage("mysqlclient", ("libmariadb3",), True, ("default-libmysqlclient-dev", "pkg-config")),
    PythonPackage("netifaces", (), True),
    PythonPackage("ocrmypdf", ("tesseract-ocr", "ghostscript")),
    PythonPackage("opencv-contrib-python", ("libgl1", "libglib2.0-0")),
    PythonPackage("opencv-python", ("libgl1", "libglib2.0-0")),
    PythonPackage("pdf2image", ("poppler-utils",)),
    PythonPackage("psycopg-c", ("libpq5",), True, ("libpq-dev",)),
    PythonPackage("psycopg2", ("libpq5",), True, ("libpq-dev",)),
    PythonPackage("pyaudio", ("libportaudio2",), True, ("portaudio19-dev",)),
    PythonPackage("pycairo", ("libcairo2",), True, ("libcairo2-dev", "pkg-config")),
    PythonPackage("pycups", ("libcups2",), True, ("libcups2-dev",)),
    PythonPackage("pydub", ("ffmpeg",)),
    PythonPackage("pygobject", ("libgirepository-1.0-1",), True, ("libgirepository1.0-dev",)),
    PythonPackage("pygraphviz", ("graphviz",), True, ("libgraphviz-dev",)),
    PythonPackage("pyodbc", ("unixodbc",)),
    PythonPackage("pypandoc", ("pandoc",)),
    PythonPackage("pytesseract", ("tesseract-ocr",)),
    PythonPackage(
        "python-ldap", ("libldap2-dev", "libsasl2-2"), True, ("libldap2-dev", "libsasl2-dev", "libssl-dev")
    ),
    PythonPackage("python-magic", ("libmagic1",)),
    PythonPackage("python-snappy", ("libsnappy1v5",)),
    PythonPackage("pyzbar", ("libzbar0",)),
    PythonPackage("sounddevice", ("libportaudio2",)),
    PythonPackage("uwsgi", ("libxml2",), True),
    PythonPackage("wand", ("imagemagick",)),
    PythonPackage("weasyprint", ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")),
    PythonPackage("xgboost", ("libgomp1",)),
    PythonPackage("xmlsec", ("libxmlsec1-openssl",), True, ("libxmlsec1-dev", "pkg-config")),
    PythonPackage("yara-python", ()),
)

BY_NAME = {package.name: package for package in PYTHON_PACKAGES}

FAT_IMAGE_PROGRAMS = {
    "bzr": "bzr",
    "convert": "imagemagick",
    "curl": "curl",
    "dirmngr": "gnupg",
    "file": "file",
    "free": "procps",
    "git": "git",
    "gpg": "gnupg",
    "hg": "mercurial",
    "identify": "imagemagick",
    "mogrify": "imagemagick",
    "nc": "netcat-openbsd",
    "pgrep": "procps",
    "pkill": "procps",
    "ps": "procps",
    "scp": "openssh-client",
    "ssh": "openssh-client",
    "ssh-keygen": "openssh-client",
    "svn": "subversion",
    "top": "procps",
    "unzip": "unzip",
    "wget": "wget",
    "xz": "xz-utils",
}
"""programs of the image with compilers that its slim variant has not, and the packages they are in"""

FAT_IMAGE_PACKAGES = words(
    "autoconf automake build-essential bzip2 ca-certificates curl default-libmysqlclient-dev dirmngr "
    "dpkg-dev file g++ gcc git gnupg imagemagick libbz2-dev libc6-dev libcurl4-openssl-dev libdb-dev "
    "libevent-dev libffi-dev libgdbm-dev libglib2.0-dev libgmp-dev libjpeg-dev libkrb5-dev liblzma-dev "
    "libmagickcore-dev libmagickwand-dev libmaxminddb-dev libncurses-dev libncurses5-dev libncursesw5-dev "
    "libpng-dev libpq-dev libreadline-dev libsqlite3-dev libssl-dev libtool libwebp-dev libxml2-dev "
    "libxslt-dev libxslt1-dev libyaml-dev make mercurial netbase openssh-client patch procps python3-dev "
    "sq subversion tzdata unzip wget xz-utils zlib1g-dev"
)
"""Debian packages that the image with compilers has (docker-library/buildpack-deps)"""

SLIM_IMAGE_PACKAGES = words("ca-certificates netbase tzdata python3")
"""those that every Python image has"""

COMPILERS = words("gcc g++ cc c++ make cmake cargo rustc rustup-init npm npx node yarn pnpm bun go javac mvn")
"""programs of a build, which no last stage has"""
