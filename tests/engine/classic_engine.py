"""A second engine beside the one that runs, with the image store of Docker before version 29."""

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PATIENCE = 60


@contextmanager
def classic_engine(folder: Path) -> Iterator[str]:
    """Start dockerd with the classic store and yield its address; nothing of it stays.

    It keeps images and makes containers, but has no network.
    """
    assert shutil.which("dockerd"), (
        "the classic image store is tested with a second dockerd, which is not installed"
    )
    settings = folder / "daemon.json"
    settings.write_text(json.dumps({"features": {"containerd-snapshotter": False}}))
    host = f"unix://{folder}/docker.sock"
    with (folder / "log").open("wb") as log:
        daemon = subprocess.Popen(
            [
                # In a network namespace of its own: with --bridge=none dockerd removes docker0, everybody's.
                "unshare",
                "--net",
                "dockerd",
                f"--config-file={settings}",
                f"--data-root={folder}/data",
                f"--exec-root={folder}/exec",
                f"--pidfile={folder}/pid",
                f"--host={host}",
                "--bridge=none",
                "--iptables=false",
                "--ip6tables=false",
                "--containerd-namespace=dockeropt-classic",
                "--containerd-plugins-namespace=dockeropt-classic-plugins",
            ],
            stdout=log,
            stderr=log,
        )
    try:
        end = time.monotonic() + _PATIENCE
        while subprocess.run(["docker", "--host", host, "info"], capture_output=True).returncode:
            assert daemon.poll() is None, (folder / "log").read_text()[-2000:]
            assert time.monotonic() < end, "the second engine does not answer"
            time.sleep(0.3)
        yield host
    finally:
        daemon.terminate()
        daemon.wait(_PATIENCE)
