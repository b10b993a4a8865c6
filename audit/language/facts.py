"""The mechanism by which a fact about a text is computed once, in a batch, and only if used.

A layer of the language package is a module that defines one or more ``Fact`` values. A check
names the facts it reads in ``uses``; the engine computes exactly those, and what they are
built on, for all texts of a batch, and a check then reads ``text[FACT]``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from audit.model.item import TextSource

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, kw_only=True)
class Institution:
    """Who the audit speaks about; every word of it comes from the policy pack."""

    names: tuple[str, ...] = ()
    """How the institution is called, the short name first."""
    domains: tuple[str, ...] = ()
    """Web and mail domains, without ``www``; subdomains count."""
    contacts: tuple[str, ...] = ()
    """Telephone numbers and addresses that it publishes on purpose."""
    timezone: str = "UTC"


@dataclass(frozen=True, kw_only=True)
class Lexicon:
    """What a layer may know besides the text itself."""

    institution: Institution = Institution()
    terms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The pack's word lists by name, without comments."""
    staff: frozenset[str] = frozenset()
    """Names in the staff directory, case-folded."""


class Text:
    """One text with the facts computed about it so far."""

    __slots__ = ("_facts", "raw", "source")

    def __init__(self, raw: str, source: TextSource = TextSource.BODY) -> None:
        self.raw = raw
        self.source = source
        self._facts: dict[Fact[Any], Any] = {}

    def __getitem__(self, fact: Fact[T]) -> T:
        """Return a fact; a check that did not declare it in ``uses`` gets a ``LookupError``."""
        try:
            value: T = self._facts[fact]
        except KeyError:
            raise LookupError(f"fact {fact.name!r} was not declared in `uses`") from None
        return value

    def learn(self, fact: Fact[T], value: T) -> None:
        """Keep a computed fact."""
        self._facts[fact] = value

    def knows(self, fact: Fact[Any]) -> bool:
        """Whether the fact has been computed."""
        return fact in self._facts


@dataclass(frozen=True, eq=False, kw_only=True)
class Fact(Generic[T_co]):
    """A kind of knowledge about a text, and how to come by it for many texts at once."""

    name: str
    compute: Callable[[Sequence[Text], Lexicon], Sequence[T_co]]
    """Returns one value for each text, in the same order."""
    after: tuple[Fact[Any], ...] = ()
    """Facts that ``compute`` reads."""


def learn(texts: Sequence[Text], facts: Iterable[Fact[Any]], lexicon: Lexicon) -> None:
    """Compute ``facts``, and what they are built on, for those texts that lack them."""
    for fact in facts:
        learn(texts, fact.after, lexicon)
        missing = [text for text in texts if not text.knows(fact)]
        for text, value in zip(missing, fact.compute(missing, lexicon), strict=True):
            text.learn(fact, value)
