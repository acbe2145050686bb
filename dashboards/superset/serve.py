"""Serves the dashboards until Ctrl-C.

uv run --project dashboards/superset python dashboards/superset/serve.py --data DIR [--host ADDRESS] [--port N]
"""

from __future__ import annotations

import argparse
import os
import socket
import sys
from pathlib import Path

from dashboards.superset.access_file import AccessFileError, read_access_file, shipped_roles
from dashboards.superset.installation import Installation, InstallationError, installation
from dashboards.superset.servers import check_servers, must_be_provisioned
from dashboards.superset.single_sign_on import sign_on_settings

LOCAL = "127.0.0.1"
KEEP_ALIVE_SECONDS = 75  # longer than a proxy's own, so that it never writes into a connection that was just closed
SLOWEST_REQUEST_SECONDS = 120


def main(arguments: list[str] | None = None) -> int:
    """Entry command; replaces itself by the server. Returns 1 with a sentence on what to do when that cannot be."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, help="the data folder (default: NEEDLOOP_DATA, else var of the checkout)")
    parser.add_argument("--host", default=LOCAL, help="address to listen on (default: %(default)s, this machine only)")
    parser.add_argument("--port", type=int, default=8088, help="port to listen on (default: %(default)s)")
    options = parser.parse_args(arguments)
    here = installation(options.data)
    try:
        command = _command(here, options.host, options.port)
    except (InstallationError, AccessFileError) as error:
        print(f"Not served: {error}", file=sys.stderr)
        return 1
    if options.host != LOCAL and not here.behind_proxy:
        print(
            f"Listening on {options.host} without TLS: passwords cross the network readable."
            " Put a proxy with TLS in front and set NEEDLOOP_SUPERSET_BEHIND_PROXY=1.",
            file=sys.stderr,
        )
    print(f"Dashboards: http://{options.host}:{options.port}/ (Ctrl-C ends)", flush=True)
    here.enter()
    os.execv(command[0], command)  # noqa: S606 - signals must reach the server itself
    return 0


def _command(here: Installation, host: str, port: int) -> list[str]:
    check_servers(here)
    must_be_provisioned(here)
    sign_on_settings(here)
    read_access_file(here.access_file, shipped_roles(), [])
    _must_be_free(host, port)
    return [
        sys.executable,
        "-m",
        "gunicorn",
        f"--bind={host}:{port}",
        "--worker-class=gthread",
        f"--workers={here.workers}",
        f"--threads={here.threads}",
        f"--keep-alive={KEEP_ALIVE_SECONDS}",
        f"--timeout={SLOWEST_REQUEST_SECONDS}",
        "--limit-request-line=8190",
        "--preload",  # the application is loaded once, not once a worker
        "--log-level=warning",
        "superset.app:create_app()",
    ]


def _must_be_free(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise InstallationError(
                f"{host}:{port} cannot be listened on ({error.strerror}):"
                " end what listens there, or choose another --port"
            ) from error


if __name__ == "__main__":
    sys.exit(main())
