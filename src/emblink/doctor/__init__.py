"""What this machine is, and what is wrong with it or with a file, for who is to help."""

from emblink.doctor._browser import Browser, browser_test
from emblink.doctor._checkup import checkup
from emblink.doctor._line import Line

__all__ = ["Browser", "Line", "browser_test", "checkup"]
