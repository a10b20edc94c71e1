"""Walk a stranger's path with a wheel alone: ``python scripts/stranger.py WHEEL [PYTHON …]``.

For each Python (this one, where none is named) a fresh environment, an empty home and nothing but
pip: the demo, a comparison of own files, a notebook, one file to send, and a gate as a job runs it.
After the installs there is no network, where Linux lets a process have none.
"""

from __future__ import annotations

import base64
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import zlib
from pathlib import Path
from xml.etree import ElementTree

from smoke import visit

MADE = """
import numpy as np
rng = np.random.default_rng(0)
kind = np.arange(400) % 4
x = rng.standard_normal((4, 24))[kind] * 2 + rng.standard_normal((400, 24))
np.save("old.npy", x)
np.save("new.npy", 2 * x @ np.linalg.qr(rng.standard_normal((24, 24)))[0])
np.save("broken.npy", np.where((kind == 1)[:, None], rng.standard_normal((400, 24)), x))
with open("items.csv", "w") as file:
    file.write("id,kind\\n")
    file.writelines(f"item {i},{'abcd'[k]}\\n" for i, k in enumerate(kind))
"""
NOTEBOOK = """
import nbclient, nbformat
cells = ["import emblink; c = emblink.open('own.emblink')", "c.pair('old', 'new').report['answer']"]
book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(one) for one in [*cells, "c"]])
nbclient.NotebookClient(book, timeout=300).execute()
(shown,) = (one["data"] for one in book.cells[-1].outputs if "data" in one)
assert "application/vnd.jupyter.widget-view+json" in shown, sorted(shown)
assert not [one for cell in book.cells for one in cell.outputs if one["output_type"] == "error"]
"""
INDEX = '<script type="text/plain" id="emblink-index">'
PATIENCE_S = 3000.0
UP = "fcntl.ioctl(socket.socket(), 0x8914, struct.pack('16sh', b'lo', 1))"
"""Of a process that has no network: this machine itself can be reached (SIOCSIFFLAGS, IFF_UP)."""


def main() -> None:
    """Walk once for each Python, and stop at the first step that fails."""
    if sys.argv[1:2] == ["--walk"]:
        walk(Path(sys.argv[2]), Path.cwd(), alone=sys.argv[3:] == ["alone"])
        return
    if len(sys.argv) < 2:
        sys.exit("usage: python scripts/stranger.py WHEEL [PYTHON …]")
    wheel = Path(sys.argv[1]).resolve(strict=True)
    for python in sys.argv[2:] or [sys.executable]:
        with tempfile.TemporaryDirectory(prefix="emblink-stranger-") as name:
            arrive(wheel, python, Path(name))


def arrive(wheel: Path, python: str, scratch: Path) -> None:
    """Install the wheel into a fresh environment of a Python, and walk there without a network."""
    (scratch / "home").mkdir()
    env = {name: text for name, text in os.environ.items() if not name.startswith("PYTHON")}
    env |= {"HOME": str(scratch / "home"), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    env = {name: text for name, text in env.items() if not name.startswith(("XDG_", "EMBLINK_"))}
    subprocess.run([python, "-m", "venv", str(scratch / "venv")], env=env, check=True)
    programs = scratch / "venv" / ("Scripts" if sys.platform == "win32" else "bin")
    pip = [str(programs / "python"), "-m", "pip", "install", "-q"]
    subprocess.run([*pip, str(wheel)], env=env, check=True)
    version = [str(programs / "python"), "-c", "import sys; print(sys.version.split()[0])"]
    print("Python", subprocess.check_output(version, text=True).strip(), flush=True)
    print("installs by pip from the wheel alone", flush=True)
    subprocess.run([*pip, f"{wheel}[notebook]", "nbclient", "ipykernel"], env=env, check=True)
    apart = ["unshare", "--net", "--map-root-user"]
    alone = bool(shutil.which("unshare")) and not subprocess.call([*apart, "true"])
    print("walks", "without a network" if alone else "with a network", flush=True)
    again = [sys.executable, str(Path(__file__).resolve()), "--walk", str(programs)]
    command = [*apart, *again, "alone"] if alone else again
    if subprocess.run(command, cwd=scratch, env=env, check=False).returncode:
        sys.exit(1)


def walk(programs: Path, here: Path, *, alone: bool) -> None:
    """Use what is installed in an environment, from the demo to the gate."""
    if alone:
        subprocess.run([sys.executable, "-c", f"import fcntl, socket, struct; {UP}"], check=True)
    python, emblink = str(programs / "python"), str(programs / "emblink")
    demo(emblink, here)
    done([python, "-c", MADE], here)
    sources = ["old=old.npy", "new=new.npy", "broken=broken.npy"]
    done([emblink, "compare", *sources, "--items", "items.csv", "--id", "id", "--label", "kind",
          "-o", "own.emblink"], here)  # fmt: skip
    if "broken" not in done([emblink, "report", "own.emblink"], here):
        sys.exit("the report does not name a space")
    print("compares own files")
    done([python, "-c", NOTEBOOK], here)
    print("shows the comparison in a notebook")
    done([emblink, "export", "own.emblink", "share.html"], here)
    page = (here / "share.html").read_text(encoding="utf-8")
    if re.search(r"<(script|link|img)[^>]+(src|href)=.?https?:", page):
        sys.exit("the file to send needs others")
    if b"broken" not in zlib.decompress(base64.b64decode(page.split(INDEX)[1].split("<")[0])):
        sys.exit("the file to send lacks the comparison")
    print(f"writes one file to send, {len(page.encode()) / 1e6:.1f} MB")
    for new, status in (("new.npy", 0), ("broken.npy", 1)):
        done([emblink, "gate", "old.npy", new, "--items", "items.csv", "--label", "kind",
              "--junit", "gate.xml"], here, status=status)  # fmt: skip
        said = ElementTree.parse(here / "gate.xml").getroot()
        if bool(said.findall(".//failure")) is not bool(status):
            sys.exit(f"gate.xml of {new} does not say what the status says")
    print("gates pass and fail, with JUnit")


def demo(emblink: str, here: Path) -> None:
    """Run the demo, fetch its page, and end it as a user does."""
    run = subprocess.Popen(
        [emblink, "demo", "--no-open"],
        cwd=here,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    stop = threading.Timer(PATIENCE_S, run.kill)
    stop.start()
    try:
        assert run.stdout is not None
        said = ""
        for line in run.stdout:
            said += line
            if served := re.search(r"http://127\.0\.0\.1:\d+/\S*", line):
                visit(served[0])
                break
        else:
            sys.exit(f"{said}the demo ended without serving a page")
        print("serves the demo")
        if sys.platform != "win32":
            run.send_signal(signal.SIGINT)
            rest = run.stdout.read()
            if run.wait() or "Traceback" in rest:
                sys.exit(f"{rest}the demo ended with status {run.returncode}")
    finally:
        stop.cancel()
        run.kill()


def done(command: list[str], here: Path, *, status: int = 0) -> str:
    """Return what a command says that ends with a status."""
    told = subprocess.run(command, cwd=here, capture_output=True, text=True, encoding="utf-8")
    if told.returncode != status:
        sys.exit(f"{' '.join(command[1:3])}: status {told.returncode}\n{told.stdout}{told.stderr}")
    return told.stdout


if __name__ == "__main__":
    main()
