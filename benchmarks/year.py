"""Lives a year with a thousand channels in a dozen zones: what came wrong, and how memory grew from quarter to quarter.

python -m benchmarks.year                 365 days, 1,000 channels, a SQLite file: about ten minutes
python -m benchmarks.year --channels 50   less of it
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import sys
import tempfile
import time
from pathlib import Path

import uvloop

from bot.store.database import Database
from content import LiveLibrary
from tests.daily.year import WORLD, Year

_PAGE = os.sysconf("SC_PAGE_SIZE")


async def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--channels", type=int, default=1_000)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="sunbae-year-") as folder:
        file = Path(folder) / "sunbae.db"
        database = Database(f"sqlite+aiosqlite:///{file}")
        await database.upgrade()
        year = Year(database, LiveLibrary())
        await year.settle_in(WORLD, chosen.channels)
        begun = time.perf_counter()

        def tell(quarter: int) -> None:
            gc.collect()
            resident = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * _PAGE
            print(
                f"after {quarter} quarter(s): {year.posts:,} posts, RSS {resident / 2**20:.1f} MiB, "
                f"{sys.getallocatedblocks():,} blocks of Python's, {time.perf_counter() - begun:.0f} s",
                flush=True,
            )

        await year.pass_by(each_quarter=tell)
        await database.close()
        wrong = "; ".join(year.wrong[:5])
        print(
            f"{chosen.channels:,} channels: {year.posts:,} posts, {year.shifted} at a time that the clocks left out, "
            f"{len(year.wrong)} wrong {wrong}; file {file.stat().st_size / 2**20:.0f} MiB, "
            f"CPU {1000 * time.process_time() / year.posts:.2f} ms a post"
        )


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
