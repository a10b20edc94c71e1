"""The database that reads files says nothing by itself."""

from __future__ import annotations

import subprocess
import sys

ASKED = """
from emblink.load._connect import connect
print(*connect().execute("SELECT current_setting('enable_progress_bar')").fetchone())
"""


def test_no_bar_of_the_database_is_drawn_where_no_script_runs() -> None:
    # With -c, as in notebooks, DuckDB draws one beside what is printed unless it is told not to.
    run = [sys.executable, "-c", ASKED]
    assert subprocess.run(run, check=True, capture_output=True, text=True).stdout == "False\n"
