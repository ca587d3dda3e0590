"""A private bucket behind CloudFront, as CloudFormation and as Terraform, with CORS that holds."""

import json
from enum import Enum

from dockeropt.ci.render import templates
from dockeropt.records import NamedTuple

PREFLIGHT_SECONDS = 3000
"""how long a browser may keep the answer to a preflight"""
KEY_HEADERS = ("Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers")
"""what S3's answer depends on. Source: CloudFront's developer guide, on caching by request headers"""


class Format(Enum):
    """What describes the resources; the value is the file's name."""

    CLOUDFORMATION = "cloudformation.yml"
    TERRAFORM = "main.tf"


class Cdn(NamedTuple):
    """What the user says of it; each name has passed ``values``."""

    origins: tuple[str, ...]
    """that pages are loaded from, at least one"""
    bucket: str | None = None
    domain: str | None = None
    by_origin: bool = False
    """keep an entry for each Origin, in place of a policy that adds the headers"""


def render_cdn(cdn: Cdn, form: Format) -> str:
    """Return the description of the resources."""
    cached = ("GET", "HEAD", "OPTIONS") if cdn.by_origin else ("GET", "HEAD")
    return (
        templates()
        .get_template(f"{form.name.lower()}.j2")
        .render(
            {
                **cdn._asdict(),
                "seconds": PREFLIGHT_SECONDS,
                "key_headers": KEY_HEADERS,
                "cached_methods": cached,
            }
        )
    )


def bucket_cors(cdn: Cdn) -> str:
    """Return the CORS rules for a bucket that is there already: ``aws s3api put-bucket-cors`` reads them."""
    rule = {
        "AllowedOrigins": list(cdn.origins),
        "AllowedMethods": ["GET", "HEAD"],
        "AllowedHeaders": ["*"],
        "MaxAgeSeconds": PREFLIGHT_SECONDS,
    }
    return json.dumps({"CORSRules": [rule]}, indent=2) + "\n"
