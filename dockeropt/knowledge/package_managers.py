"""The package managers of languages and, with the distributions' own, all of them by program."""

from dockeropt.knowledge.package_manager import Cache, PackageManager, Reads, subcommands
from dockeropt.knowledge.system_managers import SYSTEM_MANAGERS
from dockeropt.knowledge.words import words

_NODE_FILES = (
    "package.json",
    "package-lock.json",
    "npm-shrinkwrap.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "pnpm-workspace.yaml",
    "bun.lock",
    "bun.lockb",
    "bunfig.toml",
    "lerna.json",
    ".npmrc",
    ".yarnrc",
    ".yarnrc.yml",
    ".pnpmfile.cjs",
    ".yarn/releases",
    ".yarn/plugins",
    ".yarn/patches",
    "patches",
    "prisma",
)
_PYTHON_FILES = (
    "requirements*.txt",
    "constraints*.txt",
    "pyproject.toml",
    "poetry.lock",
    "uv.lock",
    "pdm.lock",
    "Pipfile",
    "Pipfile.lock",
    "setup.py",
    "setup.cfg",
)
_NODE_OPTIONS = words(
    "--prefix -C --dir --cwd --filter -F --registry --cache --userconfig --workspace -w "
    "--network-timeout --network-concurrency --omit --include --only --loglevel "
    "--modules-folder --cache-folder --mutex --store-dir --reporter --fetch-retries "
    "--maxsockets"
)
_PIP_OPTIONS = words(
    "-r --requirement -c --constraint -e --editable -t --target -i --index-url "
    "--extra-index-url -f --find-links --trusted-host --timeout --retries --prefix --root "
    "--cache-dir --no-binary --only-binary --platform --python-version --proxy --src "
    "--progress-bar --use-feature -p --python --log --abi --implementation --extra --group "
    "--package --index"
)

NPM = PackageManager(
    "npm",
    ("npm",),
    (
        *subcommands(
            Reads.MANIFESTS,
            "ci",
            "clean-install",
            "install-clean",
            "install-ci-test",
            "install-test",
            "cit",
            "it",
        ),
        *subcommands(Reads.MANIFESTS, "install", "i", "add"),
    ),
    _NODE_FILES,
    ("package.json", "package-lock.json"),
    caches=(Cache("~/.npm", "npm_config_cache"),),
    valued_options=_NODE_OPTIONS,
)
YARN = PackageManager(
    "yarn",
    ("yarn", "yarnpkg"),
    (
        *subcommands(Reads.MANIFESTS, "install", "workspaces focus"),
        *subcommands(Reads.NOTHING, "add", "global add"),
        *subcommands(Reads.MANIFESTS, ""),
    ),
    _NODE_FILES,
    ("package.json", "yarn.lock"),
    caches=(Cache("/usr/local/share/.cache/yarn", "YARN_CACHE_FOLDER"), Cache("~/.yarn/berry/cache")),
    valued_options=_NODE_OPTIONS,
)
PNPM = PackageManager(
    "pnpm",
    ("pnpm",),
    (*subcommands(Reads.MANIFESTS, "install", "i", "fetch"), *subcommands(Reads.NOTHING, "add")),
    _NODE_FILES,
    ("package.json", "pnpm-lock.yaml"),
    caches=(Cache("~/.local/share/pnpm/store", "PNPM_HOME", "store"),),
    valued_options=_NODE_OPTIONS,
)
BUN = PackageManager(
    "bun",
    ("bun",),
    (*subcommands(Reads.MANIFESTS, "install", "i"), *subcommands(Reads.NOTHING, "add", "a")),
    _NODE_FILES,
    ("package.json", "bun.lock"),
    caches=(Cache("~/.bun/install/cache", "BUN_INSTALL_CACHE_DIR"),),
    valued_options=_NODE_OPTIONS,
)
PIP = PackageManager(
    "pip",
    ("pip", "pip2", "pip3"),
    subcommands(Reads.NOTHING, "install", "wheel", "download"),
    _PYTHON_FILES,
    ("requirements.txt",),
    "pip install -r requirements.txt",
    (Cache("~/.cache/pip", "PIP_CACHE_DIR"),),
    _PIP_OPTIONS,
    frozenset(("-r", "--requirement")),
    frozenset(("-e", "--editable")),
)
UV = PackageManager(
    "uv",
    ("uv",),
    (
        *subcommands(Reads.MANIFESTS, "sync", "pip sync"),
        *subcommands(Reads.NOTHING, "pip install", "tool install", "add"),
    ),
    _PYTHON_FILES,
    ("pyproject.toml", "uv.lock"),
    "uv sync --no-install-project",
    (Cache("~/.cache/uv", "UV_CACHE_DIR"),),
    _PIP_OPTIONS | {"--directory", "--project", "--no-install-package", "--no-group", "--only-group"},
    frozenset(("-r", "--requirement", "--requirements")),
    frozenset(("-e", "--editable")),
)
POETRY = PackageManager(
    "poetry",
    ("poetry",),
    (*subcommands(Reads.MANIFESTS, "install", "sync"), *subcommands(Reads.NOTHING, "add")),
    _PYTHON_FILES,
    ("pyproject.toml", "poetry.lock"),
    "poetry install --no-root",
    (Cache("~/.cache/pypoetry", "POETRY_CACHE_DIR"),),
    words("-C --directory -P --project --with --without --only -E --extras"),
)
PIPENV = PackageManager(
    "pipenv",
    ("pipenv",),
    subcommands(Reads.MANIFESTS, "install", "sync"),
    _PYTHON_FILES,
    ("Pipfile", "Pipfile.lock"),
    caches=(Cache("~/.cache/pipenv", "PIPENV_CACHE_DIR"),),
    valued_options=frozenset(("--python", "--categories", "-r", "--requirements")),
)
BUNDLER = PackageManager(
    "bundle",
    ("bundle", "bundler"),
    subcommands(Reads.MANIFESTS, "install", ""),
    ("Gemfile", "Gemfile.lock", "*.gemspec", ".ruby-version", "gems.rb", "gems.locked", "vendor/cache"),
    ("Gemfile", "Gemfile.lock"),
    caches=(
        Cache("/usr/local/bundle/cache", "BUNDLE_PATH", "cache"),
        Cache("~/.gem"),
        Cache("~/.bundle/cache"),
    ),
    valued_options=words("--jobs -j --retry --path --without --with --gemfile --binstubs"),
)
COMPOSER = PackageManager(
    "composer",
    ("composer", "composer.phar"),
    (
        *subcommands(Reads.MANIFESTS, "install", "update"),
        *subcommands(Reads.NOTHING, "require", "global require"),
    ),
    ("composer.json", "composer.lock", "symfony.lock"),
    ("composer.json", "composer.lock"),
    "composer install --no-scripts --no-autoloader",
    (
        Cache("~/.cache/composer", "COMPOSER_CACHE_DIR"),
        Cache("/tmp/cache"),  # noqa: S108 - the composer image's COMPOSER_HOME is /tmp
    ),
    words("-d --working-dir --ignore-platform-req"),
)
GO = PackageManager(
    "go",
    ("go",),
    (
        *subcommands(Reads.MANIFESTS, "mod download"),
        *subcommands(Reads.SOURCES, "build", "install", "get", "test", "mod tidy", "mod vendor", "generate"),
    ),
    ("go.mod", "go.sum", "go.work", "go.work.sum"),
    ("go.mod", "go.sum"),
    "go mod download",
    (Cache("/go/pkg/mod", "GOMODCACHE"), Cache("~/.cache/go-build", "GOCACHE")),
    words("-o -ldflags -tags -C -gcflags -asmflags -p -buildmode -installsuffix -modfile"),
    offline_options=words("-mod=vendor"),
    needs="go.sum",
)
CARGO = PackageManager(
    "cargo",
    ("cargo",),
    (
        *subcommands(Reads.MANIFESTS, "fetch", "chef cook", "vendor"),
        *subcommands(Reads.SOURCES, "build", "test", "b", "rustc", "zigbuild"),
        *subcommands(Reads.NOTHING, "install"),
    ),
    ("Cargo.toml", "Cargo.lock", "rust-toolchain.toml", "rust-toolchain", ".cargo"),
    ("Cargo.toml", "Cargo.lock"),
    "cargo fetch",
    (Cache("/usr/local/cargo/registry", "CARGO_HOME", "registry"), Cache("/usr/local/cargo/git/db")),
    words(
        "--target --features -F --package -p --bin --profile --manifest-path --target-dir --root "
        "--path --git --branch --tag --rev --version --recipe-path --jobs -j --color"
    ),
    local_options=frozenset(("--path",)),
    offline_options=words("--offline --frozen"),
)
MAVEN = PackageManager(
    "mvn",
    ("mvn", "mvnw"),
    (
        *subcommands(
            Reads.MANIFESTS, "dependency:go-offline", "dependency:resolve", "dependency:resolve-plugins"
        ),
        *subcommands(
            Reads.SOURCES,
            "package",
            "install",
            "verify",
            "compile",
            "deploy",
            "test",
            "spring-boot:repackage",
        ),
    ),
    ("pom.xml", ".mvn", "mvnw", "settings.xml"),
    ("pom.xml",),
    "mvn dependency:go-offline",
    (Cache("~/.m2", "MAVEN_USER_HOME"),),
    words("-f --file -s --settings -P --activate-profiles -pl --projects -T --threads -gs -l"),
    offline_options=words("-o --offline"),
    takes_goals=True,
)
GRADLE = PackageManager(
    "gradle",
    ("gradle", "gradlew"),
    (
        *subcommands(Reads.MANIFESTS, "dependencies", "downloadDependencies", "resolveDependencies"),
        *subcommands(
            Reads.SOURCES,
            "build",
            "assemble",
            "bootJar",
            "jar",
            "shadowJar",
            "installDist",
            "test",
            "check",
            "war",
        ),
    ),
    (
        "build.gradle",
        "build.gradle.kts",
        "settings.gradle",
        "settings.gradle.kts",
        "gradle.properties",
        "gradle",
        "gradlew",
    ),
    ("build.gradle", "settings.gradle"),
    "gradle dependencies",
    (Cache("~/.gradle", "GRADLE_USER_HOME"), Cache("/home/gradle/.gradle")),
    words("-p --project-dir -b --build-file -c --settings-file -g -x --exclude-task -I --init-script"),
    offline_options=words("--offline"),
    takes_goals=True,
)
DOTNET = PackageManager(
    "dotnet",
    ("dotnet",),
    (
        *subcommands(Reads.MANIFESTS, "restore", "tool restore", "paket restore"),
        *subcommands(Reads.SOURCES, "publish", "build", "test", "pack"),
        *subcommands(Reads.NOTHING, "tool install"),
    ),
    (
        "*.sln",
        "*.slnx",
        "*.csproj",
        "*.fsproj",
        "*.vbproj",
        "Directory.*.props",
        "Directory.Build.targets",
        "nuget.config",
        "NuGet.Config",
        "global.json",
        "packages.lock.json",
    ),
    ("the *.csproj files",),
    "dotnet restore",
    (Cache("~/.nuget/packages", "NUGET_PACKAGES"),),
    words(
        "-c --configuration -o --output -r --runtime -f --framework -v --verbosity --source -s "
        "--configfile -a --arch --os --version-suffix --packages --tool-path --version --add-source"
    ),
    offline_options=words("--no-restore --no-build"),
)
MIX = PackageManager(
    "mix",
    ("mix",),
    (*subcommands(Reads.MANIFESTS, "deps.get", "do deps.get"),),
    ("mix.exs", "mix.lock"),
    ("mix.exs", "mix.lock"),
    caches=(Cache("~/.hex"),),
    valued_options=frozenset(("--only",)),
)
PACKAGE_MANAGERS = (
    NPM,
    YARN,
    PNPM,
    BUN,
    PIP,
    UV,
    POETRY,
    PIPENV,
    BUNDLER,
    COMPOSER,
    GO,
    CARGO,
    MAVEN,
    GRADLE,
    DOTNET,
    MIX,
    *SYSTEM_MANAGERS,
)
BY_PROGRAM = {program: manager for manager in PACKAGE_MANAGERS for program in manager.programs}
