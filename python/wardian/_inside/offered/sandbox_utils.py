"""What scripts import as `sandbox_utils`, by the name that the language's documentation gives it: packages out of artifacts.

from sandbox_utils import Zipackage
Zipackage.install("faker.zip")
from faker import Faker
"""

from wardian._inside.archive import PackageError
from wardian._inside.packages import install as _install

__all__ = ["PackageError", "Zipackage"]


class Zipackage:
    """Makes the packages of an artifact importable."""

    @staticmethod
    def install(name: str) -> None:
        """Unpack the artifact `name`, a zip of wheels or of the folders of packages, and put it first on the search path.

        Raises PackageError, with nothing left behind, for what is no such zip, does not fit this Python, or comes too late.
        """
        _install(name)
