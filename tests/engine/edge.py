"""CloudFront as nginx can play it: the keys, methods and headers of a template as an nginx configuration."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from tests.ci.bucket import free_port, wait_for
from tests.engine.images import docker

_IMAGE = "nginx:stable-alpine"


class Behavior(NamedTuple):
    """What decides which answer a browser gets."""

    methods: tuple[str, ...]
    key_headers: tuple[str, ...]
    """by which answers are kept apart; these are handed on, too"""
    forwarded: tuple[str, ...]
    """handed on, without being part of the key"""
    origins: tuple[str, ...] = ()
    """that the edge itself allows, whatever the bucket says; none leaves its headers as they are"""
    edge_methods: tuple[str, ...] = ()


CORS_HEADERS = ("Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers")
OLD = Behavior(("GET", "HEAD"), (), CORS_HEADERS)
"""the article's: CORS rules on the bucket, Origin handed on by Managed-CORS-S3Origin, nothing else"""


class _Loader(yaml.SafeLoader):
    """Reads a template; ``!Ref`` and its like are left as lists and texts."""


def _tag(loader: _Loader, suffix: str, node: yaml.Node) -> Any:
    del suffix
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    assert isinstance(node, yaml.MappingNode)
    return loader.construct_mapping(node, deep=True)


_Loader.add_multi_constructor("!", _tag)


def behavior_of(template: str) -> Behavior:
    """Return how the distribution of a CloudFormation template behaves."""
    resources = yaml.load(template, _Loader)["Resources"]
    served = resources["Distribution"]["Properties"]["DistributionConfig"]["DefaultCacheBehavior"]
    key = resources["CachePolicy"]["Properties"]["CachePolicyConfig"][
        "ParametersInCacheKeyAndForwardedToOrigin"
    ]["HeadersConfig"].get("Headers", ())
    # The id of Managed-CORS-S3Origin, in AWS's documentation
    hands_on = served.get("OriginRequestPolicyId") == "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf"
    cors: dict[str, Any] = {}
    if "ResponseHeadersPolicyId" in served:
        cors = resources["ResponseHeadersPolicy"]["Properties"]["ResponseHeadersPolicyConfig"]["CorsConfig"]
        assert cors["OriginOverride"] is True
    return Behavior(
        tuple(served["AllowedMethods"]),
        tuple(key),
        CORS_HEADERS if hands_on else (),
        tuple(cors["AccessControlAllowOrigins"]["Items"]) if cors else (),
        tuple(cors["AccessControlAllowMethods"]["Items"]) if cors else (),
    )


def _variable(header: str) -> str:
    return f"$http_{header.lower().replace('-', '_')}"


def _configuration(behavior: Behavior, port: int, bucket: int) -> str:
    handed_on = {*behavior.key_headers, *behavior.forwarded}
    key = "".join(f"|{_variable(header)}" for header in behavior.key_headers)
    sent = "\n".join(
        f"proxy_set_header {header} {_variable(header) if header in handed_on else chr(34) * 2};"
        for header in CORS_HEADERS
    )
    origins = "\n".join(f'"{origin}" "{origin}";' for origin in behavior.origins)
    methods = ", ".join(behavior.edge_methods)
    own = (
        f"""
        proxy_hide_header Access-Control-Allow-Origin;
        proxy_hide_header Access-Control-Allow-Methods;
        add_header Access-Control-Allow-Origin $allowed always;
        add_header Access-Control-Allow-Methods "{methods}" always;"""
        if behavior.origins
        else ""
    )
    return f"""
worker_processes 1;
pid /tmp/nginx.pid;
error_log /dev/stderr;
events {{}}
http {{
    access_log off;
    proxy_cache_path /tmp/kept keys_zone=kept:1m;
    map $http_origin $allowed {{ default ""; {origins} }}
    server {{
        listen 127.0.0.1:{port};
        if ($request_method !~ "^({"|".join(behavior.methods)})$") {{ return 403; }}
        location / {{
            # Queries are no part of the key, and Vary splits nothing: so CloudFront
            proxy_pass http://127.0.0.1:{bucket}$uri;
            proxy_cache kept;
            proxy_cache_key "$uri{key}";
            proxy_cache_valid 403 404 10s;
            proxy_ignore_headers Vary;
            add_header X-Cache $upstream_cache_status always;
            {sent}
            {own}
        }}
    }}
}}
"""


@contextmanager
def edge(behavior: Behavior, bucket: int, folder: Path) -> Iterator[str]:
    """Start nginx in front of a bucket and yield its address; nothing of it stays."""
    port = free_port()
    file = folder / f"nginx-{port}.conf"
    file.write_text(_configuration(behavior, port, bucket))
    words = ["--detach", "--network=host", f"--volume={file}:/etc/nginx/nginx.conf:ro", _IMAGE]
    container = docker("run", *words).decode().strip()
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        docker("rm", "--force", "--volumes", container)
