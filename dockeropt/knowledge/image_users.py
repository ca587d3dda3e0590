"""Images that do not leave their program running as root, though a Dockerfile says nothing of it.

From the images' own Dockerfiles and documentation, as of 2026.
"""

from dockeropt.knowledge.words import words

_MARKS = ("nonroot", "non-root", "rootless", "unprivileged", "chiseled", "hardened")
"""parts of a name or a tag that say so"""
_OWNERS = ("bitnami/", "bitnamilegacy/", "chainguard/", "jupyter/", "selenium/", "circleci/", "cimg/")
_REGISTRIES = ("cgr.dev/", "dhi.io/")
_REPOSITORIES = words(
    "adminer airflow elasticsearch fluentd grafana graylog haproxy hazelcast jenkins jetty kibana kong "
    "logstash memcached node-red percona pgadmin4 prometheus rocket.chat solr sonarqube varnish"
)
"""last parts of names of images with a USER of their own"""
_STEPPING_DOWN = words(
    "cassandra clickhouse clickhouse-server couchdb ghost httpd influxdb mariadb mongo mysql neo4j nginx "
    "postgis postgres rabbitmq redis storm timescaledb valkey vault zookeeper"
)
"""whose entry point starts as root and gives its rights away"""


def may_leave_root(name: str, tag: str) -> bool:
    """Tell whether an image, by the shortest form of its name, is known not to run its program as root."""
    last = name.rpartition("/")[2]
    return (
        any(mark in text for text in (name, tag.lower()) for mark in _MARKS)
        or name.startswith((*_OWNERS, *_REGISTRIES))
        or last in _REPOSITORIES
        or last in _STEPPING_DOWN
    )
