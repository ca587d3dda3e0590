"""What a session leaves where the engine is gone, and that no second Ctrl-C breaks its removal off."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

PROGRAM = """
import signal, sys, time
from docker import DockerClient
from dockeropt.measure.engine import Engine
from dockeropt.measure.session import session

signal.signal(signal.SIGINT, signal.default_int_handler)
client = DockerClient(base_url="unix:///none.sock", version="1.45")
try:
    with session(Engine(client, "26", "0.13")) as current:
        (current.folder / "read-only").mkdir(mode=0o500)
        (current.folder / "file").write_text("x")
        print(current.id, flush=True)
        time.sleep(60)
except KeyboardInterrupt:
    sys.exit(130)
"""


def test_a_second_interrupt_does_not_break_off_the_removal(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    try:
        assert process.stdout is not None
        run = process.stdout.readline().strip()
        assert len(list(tmp_path.iterdir())) == 1
        begin = time.monotonic()
        process.send_signal(signal.SIGINT)
        # What cannot be removed is tried again after one second and after two more.
        time.sleep(1.5)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 130, said
    assert time.monotonic() - begin >= 3
    first, hint = said.splitlines()
    assert first.startswith("dockeropt: not everything could be removed: containers: ")
    assert hint.startswith(f"  hint: look for it: docker ps -a --filter label=dev.dockeropt.run={run};")
    assert list(tmp_path.iterdir()) == []
