import pytest

from index.errors import UnreadableDocument
from tests.unit.index.readers import read_all
from tests.unit.index.readers.mutations import WHOLE, mutated

# What a library may raise of a broken file and the sandbox turns into a line that names it; everything else is a bug.
FORESEEN = (UnreadableDocument, RecursionError)


@pytest.mark.parametrize("name", sorted(WHOLE))
def test_the_whole_files_are_read(name: str) -> None:
    assert read_all(WHOLE[name], name)


def test_no_broken_file_raises_what_is_not_foreseen() -> None:
    raised = []
    for number, (name, data) in enumerate(mutated(200)):
        try:
            read_all(data, name)
        except FORESEEN:
            continue
        except Exception as error:
            raised.append((number, name, repr(error)))
    assert raised == []
