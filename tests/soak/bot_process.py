"""`python -m bot run` as a process that can be killed and started again."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
START_SECONDS = 60


class BotProcess:
    """The whole program on a port of its own; its data folder and database outlive it."""

    def __init__(self, data_dir: Path, environment: Mapping[str, str], port: int | None = None) -> None:
        self.port = port or free_port()
        self._log = data_dir / f"run-{self.port}.log"
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("POLICYBOT_")}
        self._environment = inherited | {
            "POLICYBOT_DATA_DIR": str(data_dir),
            "POLICYBOT_WEB__PORT": str(self.port),
            **environment,
        }
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        return self._log.read_text("utf-8")

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def cpu_seconds(self) -> float:
        """What it has used of all cores since it was started."""
        fields = Path(f"/proc/{self.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def peak_megabytes(self) -> float:
        status = Path(f"/proc/{self.pid}/status").read_text("ascii")
        return int(status.split("VmHWM:", 1)[1].split()[0]) / 1024

    async def start(self) -> None:
        """Returns when it is ready."""
        process = self._spawn()
        async with asyncio.timeout(START_SECONDS):
            while not await asyncio.to_thread(self._is_ready):
                if process.poll() is not None:
                    raise AssertionError(f"the bot ended with {process.returncode}:\n{self.log[-3000:]}")
                await asyncio.sleep(0.05)

    async def ends(self) -> int:
        """Start what is expected to end by itself, and its exit code."""
        return await asyncio.to_thread(self._spawn().wait, START_SECONDS)

    def _spawn(self) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot", "run"],
                env=self._environment, cwd=CHECKOUT, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        return self._process

    async def kill(self) -> None:
        """SIGKILL: no handler runs, nothing is flushed."""
        assert self._process is not None
        self._process.kill()
        await asyncio.to_thread(self._process.wait)

    async def stop(self) -> int:
        """SIGTERM, and its exit code."""
        assert self._process is not None
        self._process.terminate()
        return await asyncio.to_thread(self._process.wait, 60)

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=2) as response:
                return bool(response.status == 200)
        except (urllib.error.URLError, OSError):
            return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
