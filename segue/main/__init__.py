"""The command line: `segue`. It decodes what is asked, hands it on, and prints what comes back; no rule lives here.

Start-up counts, so each command is imported only when it is called.
"""

import os
import sys
from collections.abc import Sequence
from contextvars import copy_context

from cyclopts import CycloptsError, UnknownCommandError

from segue.main.commands import app, unknown_command
from segue.main.failing import (
    DONE,
    INTERRUPTED,
    MISTAKES,
    WRONG_USE,
    Failed,
    about_file,
    database_error,
    is_outside,
    refusal_of,
)

JSON = "--json"
ADVICE = "`segue --help` lists the commands, `segue COMMAND --help` tells about one."


def run(tokens: Sequence[str] | None = None) -> int:
    """Do what the arguments ask for; returns the exit code."""
    try:
        # In a context of its own, so that nothing that one command sets is there for the next.
        code = copy_context().run(app, tokens, result_action="return_value", exit_on_error=False, print_error=False)
    except UnknownCommandError as error:
        return _fail(f"{unknown_command(error.unused_tokens or ())}\n{ADVICE}", WRONG_USE)
    except CycloptsError as error:
        return _fail(f"{' '.join(str(error).split())}\n{ADVICE}", WRONG_USE)
    except Failed as failed:
        if JSON in (sys.argv[1:] if tokens is None else tokens) and (refusal := refusal_of(failed)):
            from segue.main.output import print_json

            print_json(refusal)
        return _fail(str(failed), failed.code)
    except BrokenPipeError:  # whoever read the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as error:  # a full disk, a folder that can only be read
        return _fail(about_file(error), WRONG_USE)
    except database_error() as error:
        if not is_outside(error):
            raise
        return _fail(f"The shop's database cannot be used: {error}.", MISTAKES)
    except KeyboardInterrupt:
        return _fail("Interrupted. What was acknowledged is kept.", INTERRUPTED)
    return code if isinstance(code, int) else DONE


def _fail(text: str, code: int) -> int:
    print(text, file=sys.stderr)
    return code
