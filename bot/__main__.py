"""python -m bot, which is the same as the command `footnote`: run a command, and turn what went wrong into one line."""

from __future__ import annotations

import sys
from io import TextIOWrapper

FAILED, INTERRUPTED, BUSY = 1, 130, 75


def main() -> None:
    """Run the command line of this process and end the process with its exit code."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="surrogateescape" if stream is sys.stdin else "backslashreplace")
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code; whatever goes wrong becomes one line on standard error."""
    # Imported here because every child process imports this module, and has no command to run.
    import typer

    from bot import journal
    from bot.cli import app
    from index.errors import FootnoteError, WriterBusy

    try:
        return int(typer.main.get_command(app).main(arguments, prog_name="footnote", standalone_mode=False) or 0)
    except typer.TyperException as error:
        return _fail(f"{error.format_message()} (footnote --help)", error.exit_code)
    except typer.Abort:
        return INTERRUPTED
    except WriterBusy as error:
        return _fail(str(error), BUSY)
    except FootnoteError as error:
        return _fail(str(error), FAILED)
    except Exception as error:
        reference = journal.record(error)
        return _fail(f"{type(error).__name__}, which nobody foresaw: {journal.FILE} has it as {reference}.", FAILED)


def _fail(message: str, code: int) -> int:
    sys.stderr.write("footnote: " + " ".join(message.split()) + "\n")
    return code


if __name__ == "__main__":
    main()
