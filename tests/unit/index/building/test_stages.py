from index.building.stages import Stages
from index.report import Progress


def test_each_step_has_its_time_and_a_guess_of_what_is_left() -> None:
    clock = iter([0.0, 0.0, 2.0, 10.0, 10.0, 13.0, 20.0]).__next__
    told: list[Progress] = []
    stages = Stages(told.append, clock)
    stages(Progress("reading", 1, 5))
    stages(Progress("indexing", 0, 4))
    assert stages.seconds() == {"reading": 10.0, "indexing": 3.0}
    assert [(one.step, one.seconds_left) for one in told] == [("reading", 8.0), ("indexing", None)]
