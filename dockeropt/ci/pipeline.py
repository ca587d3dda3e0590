"""What a pipeline does, decided from the project's facts and the user's options."""

import shlex
from enum import Enum

from dockeropt import __version__
from dockeropt.ci.facts import Facts, missing_assets
from dockeropt.errors import UsageError
from dockeropt.knowledge.aws import DOMAINS
from dockeropt.knowledge.static_files import CDN_ARGUMENT, StaticLayout
from dockeropt.records import NamedTuple


class Service(Enum):
    """Who runs the pipeline."""

    CODEBUILD = "codebuild"
    GITHUB = "github"
    GITLAB = "gitlab"


class Registry(Enum):
    """Where the image goes."""

    ECR = "ecr"
    ECR_PUBLIC = "ecr-public"
    GHCR = "ghcr"
    DOCKER_HUB = "docker-hub"
    GITLAB = "gitlab"


_OWN_REGISTRY = {
    Service.CODEBUILD: Registry.ECR,
    Service.GITHUB: Registry.GHCR,
    Service.GITLAB: Registry.GITLAB,
}
_HOSTS = {
    Registry.ECR_PUBLIC: "public.ecr.aws",
    Registry.GHCR: "ghcr.io",
    Registry.DOCKER_HUB: "docker.io",
}
_OWNED = (Registry.ECR_PUBLIC, Registry.GHCR, Registry.DOCKER_HUB)
"""registries whose repositories stand below an owner's name"""


class Options(NamedTuple):
    """What the user says of the pipeline; each name has passed ``values``. None leaves it to a variable."""

    registry: Registry | None = None
    repository: str | None = None
    region: str | None = None
    service: str | None = None
    cluster: str | None = None
    bucket: str | None = None
    domain: str | None = None
    branch: str = "main"


class Pipeline(NamedTuple):
    """Everything the templates write. Names are plain, paths are quoted for a shell in ``*_word``."""

    service: Service
    version: str
    """of dockeropt, which the pipeline installs for the gate"""
    context: str
    context_word: str
    dockerfile: str
    dockerfile_word: str
    registry: Registry
    repository_uri: str | None
    """registry and name without a tag, None where a variable says it or it takes the account's number"""
    repository: str | None
    region: str | None
    region_domain: str
    container: str
    cluster: str | None
    deploys: bool
    """the pipeline itself starts the new tasks; CodeBuild's hands over to CodePipeline"""
    bucket: str | None
    address: str | None
    """of the CDN"""
    static: StaticLayout | None
    """what is published, None where nothing is"""
    address_argument: str | None
    """the build argument with the CDN's address, None where the build need not know it"""
    address_setting: str
    """what to write for the build to read it, empty where it does"""
    branch: str

    @property
    def needs_aws(self) -> bool:
        """Whether any step before the deployment talks to AWS."""
        return self.static is not None or self.registry in (Registry.ECR, Registry.ECR_PUBLIC)

    @property
    def start_variable(self) -> str | None:
        """What a task that the pipeline starts reads the address of the CDN from, None for nothing."""
        static = self.static
        if not self.deploys or static is None or not static.is_address_read_at_start:
            return None
        return static.variable or None


_UNKNOWN_LAYOUT = StaticLayout("", (), (), (), (), "", is_address_read_at_start=True)


def plan(service: Service, facts: Facts, options: Options) -> Pipeline:
    """Return the pipeline. Raises UsageError where the options contradict each other or the project."""
    registry = options.registry or _OWN_REGISTRY[service]
    if registry is Registry.GITLAB and service is not Service.GITLAB:
        raise UsageError(
            f"{service.value} has no login to a GitLab registry", "take ecr, ecr-public, ghcr or docker-hub"
        )
    _check_owner(registry, options.repository)
    if (options.bucket or options.domain) and not facts.has_assets:
        raise missing_assets(facts)
    if options.cluster is not None and options.service is None:
        raise UsageError("a cluster alone deploys nothing", "name the service in it, too: --service NAME")
    static = (facts.layout or _UNKNOWN_LAYOUT) if facts.has_assets else None
    host = _HOSTS.get(registry)
    return Pipeline(
        service=service,
        version=__version__,
        context=facts.context,
        context_word=shlex.quote(facts.context),
        dockerfile=facts.dockerfile,
        dockerfile_word=shlex.quote(facts.dockerfile),
        registry=registry,
        repository_uri=f"{host}/{options.repository}" if host and options.repository else None,
        repository=options.repository,
        region=options.region,
        region_domain=DOMAINS.get(options.region or "", "amazonaws.com"),
        container=options.service or "app",
        cluster=options.cluster,
        deploys=options.service is not None and service is not Service.CODEBUILD,
        bucket=options.bucket,
        address=None if options.domain is None else f"https://{options.domain}",
        static=static,
        address_argument=facts.address_argument if static is not None else None,
        address_setting=facts.address_setting,
        branch=options.branch,
    )


def notices(pipeline: Pipeline) -> tuple[str, ...]:
    """Return what the user has to do before the pipeline does what it is for."""
    static = pipeline.static
    setting = f"write {pipeline.address_setting}" if pipeline.address_setting else ""
    if static is None or static.is_address_read_at_start or (pipeline.address_argument and not setting):
        return ()
    why = f"{static.framework} writes the CDN's address into its files when it builds"
    if pipeline.address_argument:
        return (f"{why}, and nothing reads the build argument {pipeline.address_argument} yet: {setting}",)
    argument = static.variable or CDN_ARGUMENT
    what = f"declare `ARG {argument}` before the build command in {pipeline.dockerfile}"
    return (f"{why}: {what}" + (f", and {setting}" if setting else ""),)


def _check_owner(registry: Registry, repository: str | None) -> None:
    if repository is not None and registry in _OWNED and "/" not in repository:
        raise UsageError(
            f"{repository} has no owner, which {registry.value} wants in front",
            f"name it --repository OWNER/{repository}",
        )
