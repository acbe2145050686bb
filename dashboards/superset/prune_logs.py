"""Bounds Superset's audit log, and drops chosen filters and links that have expired. Run it daily.

uv run --project dashboards/superset python dashboards/superset/prune_logs.py --data DIR
"""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from pathlib import Path

from dashboards.superset.installation import InstallationError, installation
from dashboards.superset.servers import check_servers, must_be_provisioned

_AT_ONCE = 100_000  # rows whose numbers are held in memory


def main(arguments: list[str] | None = None) -> int:
    """Entry command; returns the exit code: 0 done, 1 not, with a sentence on what to do."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, help="the data folder (default: NEEDLOOP_DATA, else var of the checkout)")
    here = installation(parser.parse_args(arguments).data)
    try:
        days = here.keep_log_days
        check_servers(here)
        must_be_provisioned(here)
        here.enter()
        events, entries = _prune(days)
    except InstallationError as error:
        print(f"Not pruned: {error}", file=sys.stderr)
        return 1
    print(f"Deleted {events:,} events older than {days} days and {entries:,} expired filters and links.")
    return 0


def _prune(days: int) -> tuple[int, int]:
    # Superset reads its configuration when it is imported, which must come after here.enter().
    from superset.app import create_app  # noqa: PLC0415

    with create_app().app_context():
        from dashboards.superset.private_interfaces.metadata import KeyValueEntry, Log, LogPruneCommand, db  # noqa: PLC0415

        before = db.session.query(Log).count()
        left = before
        while True:
            LogPruneCommand(days, _AT_ONCE).run()
            now_left = db.session.query(Log).count()
            if now_left == left:
                break
            left = now_left
        # Superset compares with the local time of its server, without a zone.
        expired = db.session.query(KeyValueEntry).filter(KeyValueEntry.expires_on <= datetime.now())  # noqa: DTZ005
        entries = expired.delete()
        db.session.commit()
        return before - left, entries


if __name__ == "__main__":
    sys.exit(main())
