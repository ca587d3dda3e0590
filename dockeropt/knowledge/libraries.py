"""Packages of headers and compilers, by Debian's and Alpine's names, and what is left of them at run time."""

from dockeropt.knowledge.words import words

RUN_PACKAGES = {
    "default-libmysqlclient-dev": ("libmariadb3",),
    "libcairo2-dev": ("libcairo2",),
    "libcurl4-gnutls-dev": ("libcurl3-gnutls",),
    "libcurl4-openssl-dev": ("libcurl4",),
    "libev-dev": ("libev4",),
    "libffi-dev": (),
    "libfreetype-dev": ("libfreetype6",),
    "libfreetype6-dev": ("libfreetype6",),
    "libfribidi-dev": ("libfribidi0",),
    "libgdal-dev": ("gdal-bin",),
    "libgeos-dev": ("libgeos-c1v5",),
    "libgl1-mesa-dev": ("libgl1",),
    "libglib2.0-dev": ("libglib2.0-0",),
    "libgmp-dev": ("libgmp10",),
    "libharfbuzz-dev": ("libharfbuzz0b",),
    "libjpeg-dev": ("libjpeg62-turbo",),
    "libjpeg62-turbo-dev": ("libjpeg62-turbo",),
    "liblcms2-dev": ("liblcms2-2",),
    "libleveldb-dev": ("libleveldb1d",),
    "libmagic-dev": ("libmagic1",),
    "libmariadb-dev": ("libmariadb3",),
    "libmariadb-dev-compat": ("libmariadb3",),
    "libmariadbclient-dev": ("libmariadb3",),
    "libmemcached-dev": ("libmemcached11",),
    "libmysqlclient-dev": ("libmariadb3",),
    "libpcre2-dev": ("libpcre2-8-0",),
    "libpng-dev": ("libpng16-16",),
    "libpq-dev": ("libpq5",),
    "librdkafka-dev": ("librdkafka1",),
    "libsasl2-dev": ("libsasl2-2",),
    "libsnappy-dev": ("libsnappy1v5",),
    "libsqlite3-dev": (),
    "libssl-dev": (),
    "libxml2-dev": ("libxml2",),
    "libxmlsec1-dev": ("libxmlsec1-openssl",),
    "libxslt-dev": ("libxslt1.1",),
    "libxslt1-dev": ("libxslt1.1",),
    "libyaml-dev": ("libyaml-0-2",),
    "libzbar-dev": ("libzbar0",),
    "portaudio19-dev": ("libportaudio2",),
    "postgresql-server-dev-all": ("libpq5",),
    "unixodbc-dev": ("unixodbc",),
    "zlib1g-dev": (),
    "libbz2-dev": (),
    "liblzma-dev": (),
    "libncurses5-dev": (),
    "libreadline-dev": (),
    "libtool": (),
    "libc6-dev": (),
    "linux-libc-dev": (),
    "libpython3-dev": (),
    "libstdc++-dev": (),
}
"""Debian's packages of headers, and those of the libraries, as far as a slim image has them not.

Only libraries whose package has the same name from Debian 10 to 13, or a virtual package of that name:
libtiff5 became libtiff6, so that libtiff-dev is not here.
"""

ALPINE_RUN_PACKAGES = {
    "bzip2-dev": (),
    "cairo-dev": ("cairo",),
    "curl-dev": ("libcurl",),
    "freetype-dev": ("freetype",),
    "gdal-dev": ("gdal",),
    "geos-dev": ("geos",),
    "gmp-dev": ("gmp",),
    "jpeg-dev": ("libjpeg-turbo",),
    "lcms2-dev": ("lcms2",),
    "libc-dev": (),
    "libffi-dev": ("libffi",),
    "libjpeg-turbo-dev": ("libjpeg-turbo",),
    "libmagic": ("libmagic",),
    "libpng-dev": ("libpng",),
    "libpq-dev": ("libpq",),
    "libressl-dev": (),
    "libsodium-dev": ("libsodium",),
    "libxml2-dev": ("libxml2",),
    "libxslt-dev": ("libxslt",),
    "linux-headers": (),
    "mariadb-connector-c-dev": ("mariadb-connector-c",),
    "mariadb-dev": ("mariadb-connector-c",),
    "musl-dev": (),
    "openldap-dev": ("libldap",),
    "openssl-dev": (),
    "pcre-dev": ("pcre",),
    "postgresql-dev": ("libpq",),
    "python3-dev": (),
    "tiff-dev": ("tiff",),
    "yaml-dev": ("yaml",),
    "zlib-dev": (),
}

BUILD_ONLY = words(
    "autoconf automake binutils bison build-base build-essential cargo clang cmake cython3 debhelper "
    "dpkg-dev flex g++ gcc gfortran git-lfs libc6-dev libtool llvm make musl-dev nasm ninja-build patch "
    "patchelf pkg-config pkgconf pkgconfig python-dev python3-dev python3-distutils python3-pip "
    "python3-setuptools python3-venv python3-virtualenv python3-wheel rust rustc swig virtualenv "
    "apt-utils software-properties-common"
)
"""compilers and their like under Debian's and Alpine's names, which no program that is built needs"""


def needs_at_run_time(name: str, is_alpine: bool) -> tuple[str, ...] | None:
    """Return what is wanted at run time of a package a build installs; None where that is not known.

    An empty answer is a package for the build alone.
    """
    if name in BUILD_ONLY:
        return ()
    return (ALPINE_RUN_PACKAGES if is_alpine else RUN_PACKAGES).get(name)
