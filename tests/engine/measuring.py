"""What the tests of measuring share: a tiny app, and a look at what was left behind."""

import re
import subprocess
from pathlib import Path

SERVER = (
    "const s = require('http').createServer((q, a) => a.end('ok'))\nsetTimeout(() => s.listen(8080), 200)\n"
)

NAIVE = """\
FROM node:22-alpine
WORKDIR /app
COPY . .
RUN head -c 3000000 /dev/urandom > dependencies
RUN cp server.js built.js
EXPOSE 8080
CMD ["node", "built.js"]
"""

BETTER = """\
FROM node:22-alpine AS build
WORKDIR /app
COPY package.json ./
RUN --mount=type=cache,target=/root/.npm head -c 3000000 /dev/urandom > dependencies
COPY . .
RUN cp server.js built.js

FROM node:22-alpine
WORKDIR /app
COPY --from=build /app/built.js ./
EXPOSE 8080
USER node
CMD ["node", "built.js"]
"""


def write_app(folder: Path, token: str) -> Path:
    """Write an app whose image answers on port 8080; ``token`` makes it one no engine has built."""
    folder.mkdir(exist_ok=True)
    (folder / "package.json").write_text(f'{{"name": "{token}"}}\n')
    (folder / "server.js").write_text(SERVER)
    (folder / "Dockerfile").write_text(NAIVE)
    (folder / "Dockerfile.better").write_text(BETTER)
    return folder


def lines(*command: str) -> list[str]:
    """Return the lines a command prints."""
    return subprocess.run(
        command, capture_output=True, text=True, check=True, timeout=120
    ).stdout.splitlines()


def filled_mounts(run: str) -> list[str]:
    """Return the cache mounts of a run that hold something; an empty one takes 4 or 8 kB."""
    usage = "\n".join(lines("docker", "buildx", "du", "--verbose"))
    records = [record for record in usage.split("\n\n") if f"/{run}-" in record]
    sizes = [re.search(r"^Size:\s*(\S+)$", record, re.MULTILINE) for record in records]
    return [
        record
        for record, size in zip(records, sizes, strict=True)
        if size is None or size[1] not in ("0B", "4.096kB", "8.192kB")
    ]


def left_behind(run: str, folder: Path) -> list[str]:
    """Return what is still there of a run whose TMPDIR was ``folder``."""
    assert len(run) == 12
    label = f"label=dev.dockeropt.run={run}"
    return [
        *lines("docker", "ps", "--all", "--quiet", "--filter", label),
        *lines("docker", "image", "ls", "--all", "--quiet", "--filter", label),
        *(
            tag
            for tag in lines("docker", "image", "ls", "--format={{.Tag}}", "dockeropt-measure")
            if run in tag
        ),
        *filled_mounts(run),
        *(str(path) for path in folder.iterdir()),
    ]
