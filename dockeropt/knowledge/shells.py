"""Which shell and which wget an image has, told by its name: what a fix may write into a RUN."""

from dockeropt.knowledge.words import words

BASH_IMAGES = words(
    "almalinux amazoncorretto amazonlinux buildpack-deps centos debian eclipse-temurin fedora gcc golang "
    "gradle httpd mariadb maven mongo mysql node openjdk perl php postgres python rabbitmq redis rockylinux "
    "ruby rust swift tomcat ubuntu"
)
"""images of Docker's own library with bash, in all their variants but those on Alpine"""

_BUSYBOX_IMAGES = ("alpine", "busybox", "docker")


def is_busybox(name: str, tag: str | None) -> bool:
    """Tell whether the programs of an image are busybox's, as on Alpine."""
    return name in _BUSYBOX_IMAGES or "alpine" in name or (tag is not None and "alpine" in tag)
