import inspect

import pytest

from emblink import measures


def test_the_door_holds_exactly_what_it_lists() -> None:
    public = {
        name
        for name, value in vars(measures).items()
        if not name.startswith("_") and not inspect.ismodule(value)
    }
    assert public == set(measures.__all__)


@pytest.mark.parametrize("name", [n for n in measures.__all__ if n[0].islower()])
def test_functions_take_at_most_three_positional_parameters_and_say_what_they_do(
    name: str,
) -> None:
    function = getattr(measures, name)
    kinds = [p.kind for p in inspect.signature(function).parameters.values()]
    assert kinds.count(inspect.Parameter.POSITIONAL_OR_KEYWORD) <= 3
    assert function.__doc__
