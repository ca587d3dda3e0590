"""Folders of an image's system, as the Filesystem Hierarchy Standard and the distributions lay them out."""

from dockeropt.knowledge.words import words

SYSTEM = words(
    "/bin /boot /dev /etc /home /lib /lib32 /lib64 /media /mnt /opt /proc /root /run /sbin /srv /sys /tmp "
    "/usr /var"
)
"""what an image brings of its own below ``/``"""
PLAIN = words("/etc /opt /srv /usr /usr/local")
"""folders that are root's, of mode 755, and no links, in every distribution"""
PLAIN_BELOW = words(
    "/etc /opt /srv /usr/local/bin /usr/local/etc /usr/local/lib /usr/local/share /usr/share /usr/src"
)
"""folders that are so too, with nearly all that is in them"""
SERVED = {"caddy": ("/srv", "/usr/share/caddy"), "nginx": ("/etc/nginx/conf.d", "/usr/share/nginx/html")}
"""folders that images are known to have, by the last part of their names"""
