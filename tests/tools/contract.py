"""The contract suite: what holds for every register of every tool.

``ToolContract`` is inherited by a test class that says which cases it is run for: all registered
tools in ``test_contract.py``, an invented one in ``test_third_tool.py``.
"""

from tests.tools.contract_changes import ChangesContract
from tests.tools.contract_help import people
from tests.tools.contract_pages import PagesContract

__all__ = ["ToolContract", "people"]


class ToolContract(PagesContract, ChangesContract):
    """Inherit and give the fixture ``case``."""
