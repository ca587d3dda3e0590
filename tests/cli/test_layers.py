"""``dockeropt layers`` without an engine: archives from a file and from standard input."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.measure.image.archives import archive, layer, oci_layout

COMMAND = [sys.executable, "-m", "dockeropt", "layers", "-"]
PATIENCE = 60


def test_an_archive_on_standard_input_is_read() -> None:
    data = archive(oci_layout([layer({"app/server.js": b"x" * 1000})])).getvalue()
    done = subprocess.run(COMMAND, input=data, capture_output=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode().startswith("standard input linux/amd64\n")
    assert b"/app/server.js" in done.stdout


def test_an_archive_that_does_not_come_can_be_given_up(tmp_path: Path) -> None:
    data = archive({"layer.tar": os.urandom(1 << 20)}).getvalue()
    said = tmp_path / "said"
    with said.open("wb") as stream:
        # A test run in the background of a shell ignores SIGINT, and so would its children.
        process = subprocess.Popen(
            COMMAND,
            stdin=subprocess.PIPE,
            stdout=stream,
            stderr=stream,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL) and None,  # noqa: PLW1509
        )
    assert process.stdin is not None
    try:
        # It is read up to here once all but what a pipe holds is gone, and then nothing more comes.
        process.stdin.write(data[: 1 << 19])
        process.stdin.flush()
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 130
    finally:
        process.kill()
        process.stdin.close()
        process.wait()
    assert said.read_text().split("\n") == ["", "dockeropt: interrupted", ""]
