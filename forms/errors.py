"""What can be wrong with a definition or an overlay, always naming the place."""

from __future__ import annotations


class FormDefinitionError(ValueError):
    """A definition that cannot be read: ``where`` is file and path, ``what`` says the fault."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where}: {what}")
        self.where = where
        self.what = what


class OverlayRefusedError(FormDefinitionError):
    """A force's overlay asked for something that the national set does not allow."""


class UnknownFormError(LookupError):
    """There is no form with that id."""
