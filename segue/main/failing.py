"""Failing: the exit codes, and how what goes wrong below becomes one clear sentence."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from segue.core.base import Refused
    from segue.store.database import DatabaseError

DONE = 0
FOUND = 1  # a check, an audit or a search found something wrong, or what was asked for was refused
WRONG_USE = 2
MISTAKES = 3  # in the shop's files
OWNED = 4  # by another process that cannot be reached
INTERRUPTED = 130

EXIT_CODES = """\
Exit codes: 0 done, 1 refused or something found, 2 wrong use, 3 mistakes in the
shop's files, 4 another process owns the shop and cannot be reached."""


class Failed(Exception):
    """A command ends here: a sentence for the person who gave it, and the exit code; and what the core has refused."""

    def __init__(self, sentence: str, code: int = FOUND, refused: "Refused | None" = None) -> None:
        super().__init__(sentence)
        self.code = code
        self.refused = refused


@contextmanager
def failing() -> Iterator[None]:
    """What opening a shop and working in it raises becomes Failed. To be used where the app is imported anyway."""
    from segue.core.base import Refused
    from segue.loader.problems import Broken
    from segue.ports import NotThere, OutOfStock, StaleOrder, Unwritable
    from segue.store.database import DatabaseTooNew, StillInLog, WrongKey
    from segue.store.lock import ShopIsOwned
    from segue.store.shelf import WorkflowDiffers

    try:
        yield
    except Broken as error:
        raise Failed(f"{error}\nNothing was done: the shop's files have mistakes.", MISTAKES) from error
    except ShopIsOwned as error:
        raise Failed(str(error), OWNED) from error
    except OutOfStock as error:
        raise Failed(f"Refused: {error} has more units allocated than would be left.") from error
    except Refused as error:
        raise refusing(error, error) from error
    except (NotThere, StaleOrder, StillInLog, Unwritable) as error:
        raise refusing(error) from error
    except (DatabaseTooNew, WrongKey, WorkflowDiffers) as error:
        raise Failed(f"The shop cannot be opened: {error}.", MISTAKES) from error
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError) as error:
        raise Failed(about_file(error), WRONG_USE) from error


def refusing(reason: object, refused: "Refused | None" = None) -> Failed:
    """Why something was not done, as a sentence; with what the core has refused, if it was the core."""
    return Failed(f"Refused: {reason}.", FOUND, refused)


def refusal_of(failed: Failed) -> dict[str, str | int] | None:
    """A refusal as JSON has it, with its name and what in particular it is about; None for what failed otherwise."""
    if failed.refused is None:
        return None
    name, detail = failed.refused.refusal.name, failed.refused.detail
    return {"refusal": name, "detail": detail, "sentence": str(failed), "code": failed.code}


def about_file(error: OSError) -> str:
    """What is wrong with a file, in one sentence."""
    if error.filename is None:
        return f"{error.strerror or error}."
    return f"{error.filename}: {(error.strerror or 'the file cannot be used').lower()}."


def database_error() -> "type[DatabaseError]":
    """What a database raises; imported where it is asked for, since start-up counts."""
    from segue.store.database import DatabaseError

    return DatabaseError


def is_outside(error: "DatabaseError") -> bool:
    """Whether the file or the disk is to blame, and no mistake of ours."""
    from segue.store.database import OUTSIDE

    return getattr(error, "sqlite_errorname", "").split("_")[1:2] in OUTSIDE
