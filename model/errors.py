"""What can go wrong, in the words its user reads."""


class VigilError(Exception):
    """Something went wrong."""

    def __init__(self, sentence: str = "") -> None:
        """Keep `sentence`, or the class's own docstring, as what the user reads."""
        super().__init__(sentence or (self.__doc__ or "").strip())


class ConfigError(VigilError):
    """The configuration can't be used."""


class UsageError(VigilError):
    """That command can't be understood."""


class TermError(VigilError):
    """That can't be watched as it stands."""

    def __init__(self, sentence: str = "", *, suggestion: str = "", code: str = "") -> None:
        """Keep the sentence; `suggestion`: the same wish as it could be typed instead, empty when
        there is none; `code`: the sort of mistake, for catalogues in other languages.
        """
        super().__init__(sentence)
        self.suggestion = suggestion
        self.code = code


class DocketError(TermError):
    """That names no court case."""


class FetchError(VigilError):
    """The address could not be read."""


class ParseError(VigilError):
    """What the address answered could not be understood."""


class StoreError(VigilError):
    """The database could not be used."""


class UnstorableError(StoreError):
    """The database is well, but can't hold what was to be written."""


class DeliveryError(VigilError):
    """The message could not be delivered."""
