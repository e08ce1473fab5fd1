"""Beancount's own judge: `bean-check`, run as a program on a journal."""

import subprocess
import sys
import tempfile
from pathlib import Path

BEAN_CHECK = Path(sys.executable).parent / "bean-check"


def bean_check(text: str) -> str:
    """What it complains of; nothing if it accepts the journal."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "books.beancount"
        path.write_text(text, encoding="utf-8")
        return bean_check_file(path)


def bean_check_file(path: Path) -> str:
    """The same for a file."""
    done = subprocess.run(
        [BEAN_CHECK, "--no-cache", path], capture_output=True, text=True, timeout=60, check=False, encoding="utf-8"
    )
    assert (done.returncode == 0) == (not done.stdout + done.stderr), done
    return done.stdout + done.stderr
