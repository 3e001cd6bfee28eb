"""Every register of every registered tool keeps the contract."""

import pytest

from tests.tools.contract import ToolContract, people
from tests.tools.samples import Case, registered_cases

__all__ = ["people"]


@pytest.fixture(params=registered_cases(), ids=str)
def case(request: pytest.FixtureRequest) -> Case:
    return request.param


class TestRegisteredTools(ToolContract):
    pass
