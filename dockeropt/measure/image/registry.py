"""Images of a registry, read over its API without pulling them (OCI distribution specification).

Credentials are those that ``docker login`` left, credential helpers included; without any, the registry is
asked as anybody.
"""

import re
from types import TracebackType
from typing import Self

import requests
from docker.auth import AuthConfig, load_config
from docker.errors import DockerException

from dockeropt.errors import MeasureError, UsageError
from dockeropt.measure.image.history import assemble
from dockeropt.measure.image.manifest import MEDIA_TYPES, Descriptor, choose, read_configuration, read_json
from dockeropt.measure.image.model import Image
from dockeropt.measure.image.stream import Readable
from dockeropt.measure.image.verified import read_document, read_layer
from dockeropt.semantics.images import ImageReference, parse_image

_HUB = "registry-1.docker.io"
_HUB_NAMES = (None, "docker.io", "index.docker.io")
_HUB_LOGIN = "https://index.docker.io/v1/"
"""the key of Docker Hub in docker's configuration"""
_SECONDS = 60
_CHALLENGE = re.compile(r'(\w+)="([^"]*)"')


def read_remote(name: str, platform: str | None = None) -> Image:
    """Return an image of a registry; ``name`` is a reference such as ``node:22`` or ``host:5000/app:1``.

    Raises UsageError where the name is no reference, MeasureError where the registry does not answer, has no
    such image, wants a login, or sends another content than it promised.
    """
    reference = parse_image(name)
    if reference is None:
        raise UsageError(f"{name} is neither a file, a folder nor the name of an image", "check the spelling")
    with _Registry(reference) as registry:
        index = read_json(
            registry.manifest(reference.digest or reference.tag or "latest"), f"the manifest of {name}"
        )

        def document(descriptor: Descriptor) -> bytes:
            kind = "manifests" if descriptor.media_type in MEDIA_TYPES else "blobs"
            with registry.get(f"{kind}/{descriptor.digest}") as content:
                return read_document(content, descriptor, name)

        manifest = choose(index, document, platform, name)
        configuration = read_configuration(document(manifest.config), name)
        blobs = []
        for descriptor in manifest.layers:
            with registry.get(f"blobs/{descriptor.digest}") as content:
                blobs.append(read_layer(content, descriptor, name))
    return assemble(name, configuration, tuple(blobs))


class _Registry:
    """A repository of a registry and the session it is asked in."""

    def __init__(self, reference: ImageReference) -> None:
        is_hub = reference.registry in _HUB_NAMES
        self._host = _HUB if is_hub else str(reference.registry)
        self._repository = (
            f"library/{reference.repository}" if is_hub and reference.is_official else reference.repository
        )
        self._name = str(reference)
        self._session = requests.Session()
        self._session.headers["Accept"] = ", ".join(MEDIA_TYPES)
        self._login = _login(_HUB_LOGIN if is_hub else self._host)
        scheme = "http" if _is_loopback(self._host) else "https"
        self._root = f"{scheme}://{self._host}/v2/{self._repository}"

    def manifest(self, tag: str) -> bytes:
        """Return the manifest or index of a tag or digest."""
        with self.get(f"manifests/{tag}") as content:
            return content.read(4 << 20)

    def get(self, path: str) -> "_Content":
        """Return the content at a path of the repository."""
        response = self._ask(path)
        if response.status_code == requests.codes.unauthorized:
            response.close()
            self._authorize(response.headers.get("WWW-Authenticate", ""))
            response = self._ask(path)
        if response.ok:
            return _Content(response, self._host)
        response.close()
        raise self._refused(response)

    def _refused(self, response: requests.Response) -> MeasureError:
        if response.status_code in (requests.codes.unauthorized, requests.codes.forbidden):
            return MeasureError(
                f"{self._host} does not let you read {self._name}",
                f"check the name, and log in with `docker login {self._host}`",
            )
        if response.status_code == requests.codes.not_found:
            return MeasureError(f"{self._host} has no {self._name}", "check the name and the tag")
        return MeasureError(
            f"{self._host} answers {response.status_code} to {response.request.url}", "try again later"
        )

    def _ask(self, path: str) -> requests.Response:
        try:
            return self._session.get(
                f"{self._root}/{path}",
                headers={"Accept": ", ".join(MEDIA_TYPES)},
                stream=True,
                timeout=_SECONDS,
            )
        except requests.RequestException as error:
            raise _silent(self._host, error) from error

    def _authorize(self, challenge: str) -> None:
        """Do what the registry asks for: basic authentication, or a token of its authority."""
        scheme, _, rest = challenge.partition(" ")
        values = dict(_CHALLENGE.findall(rest))
        if scheme.lower() == "basic":
            self._session.auth = self._login
            return
        if scheme.lower() != "bearer" or not values.get("realm", "").startswith(("https://", "http://")):
            return
        asked = {"service": values.get("service", ""), "scope": f"repository:{self._repository}:pull"}
        try:
            answer = requests.get(values["realm"], params=asked, auth=self._login, timeout=_SECONDS)
            token = answer.json() if answer.ok else {}
        except (requests.RequestException, ValueError) as error:
            raise _silent(values["realm"], error) from error
        value = token.get("token") or token.get("access_token") if isinstance(token, dict) else None
        if isinstance(value, str):
            self._session.headers["Authorization"] = f"Bearer {value}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.close()


class _Content(Readable):
    """A body that streams."""

    def __init__(self, response: requests.Response, host: str) -> None:
        self._response = response
        self._host = host

    def read(self, size: int, /) -> bytes:
        try:
            return bytes(self._response.raw.read(size))
        except Exception as error:  # urllib3's own errors are no RequestException
            raise _silent(self._host, error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._response.close()


def _login(host: str) -> tuple[str, str] | None:
    """Return the user name and password docker has for a registry, None where it has none."""
    try:
        config: AuthConfig = load_config()
        found = config.resolve_authconfig(host)
    except DockerException as error:
        raise MeasureError(
            f"docker's credential helper gives no answer for {host}: {error}", f"try `docker login {host}`"
        ) from error
    if not found:
        return None
    user, password = (
        found.get("username") or found.get("Username"),
        found.get("password") or found.get("Password"),
    )
    return (str(user), str(password)) if user and password else None


def _is_loopback(host: str) -> bool:
    """Tell whether a registry is this machine's own, which docker asks without TLS, too."""
    name = host.rpartition(":")[0] or host
    return name in ("localhost", "[::1]") or name.startswith("127.")


def _silent(host: str, error: Exception) -> MeasureError:
    return MeasureError(f"{host} does not answer: {error}", "check the name and your network")
