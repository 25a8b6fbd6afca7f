"""Who did an act, as people name him: delegation, member, capacity, level.

This module decides which credentials stand beside an act: those in force at its own entry, so that an old act keeps the
capacity in which it was done. It never decides whether they allowed the act: that is the act's verdict.
"""

from __future__ import annotations

from typing import NamedTuple

from good_offices.clerk import guest_words, names
from good_offices.desk.desk import Desk
from good_offices.locale import _
from good_offices.talks.book import Member
from good_offices.talks.credentials import Statement


class Author(NamedTuple):
    """A member as the author of an act; what is not known is empty."""

    delegation: str = ""
    called: str = ""
    member: str = ""
    name: str = ""
    capacity: str = ""
    level: str = ""
    capital: bool = False


class Authors:
    """Names authors for one page: names and certificates are looked up once each."""

    def __init__(self, desk: Desk) -> None:
        """Know the desk's delegations and its books of members."""
        self.desk = desk
        self.called = names.delegations(desk)
        self._books = (desk.talks.roster.book, desk.home.caucus.book)
        self._statements: dict[bytes, Statement | None] = {}

    def __call__(self, certificate: bytes, index: int) -> Author:
        """Return the author of the act at an entry."""
        if certificate not in self._statements:
            at_home = self.desk.home.caucus.book.desks.get(certificate.hex())
            known = at_home.statement if at_home else self.desk.talks.roster.certificate(certificate)
            self._statements[certificate] = known
        statement = self._statements[certificate]
        if statement is None:
            return Author()
        if statement.guest:
            return self._guest(statement)
        return self._member(statement, index)

    def readers(self, room: str) -> list[Author]:
        """Return who can read what is written in a room now, each member once, in the order of delegations and names."""
        epoch = self.desk.epoch(room)
        found = {one: self(one, self.desk.book(room).ledger.size) for one in (epoch.readers if epoch else ())}
        members = {one.member: one for one in found.values() if one.member}
        # Guests are of no delegation, and stand after all.
        return sorted(
            members.values(), key=lambda one: (not one.delegation, one.delegation, one.capital, one.name)
        )

    def _guest(self, statement: Statement) -> Author:
        """Return a guest, who speaks for nobody: of no delegation, with role and provider in place of a capacity."""
        terms = guest_words.last_terms(self.desk, statement.hash)
        own = self.desk.identity.person
        name = terms.guest if terms else own.name if statement.member == own.member else ""
        words = guest_words.capacity(self.desk, terms) if terms else ""
        return Author("", _("Guests"), statement.member, name, words)

    def _member(self, statement: Statement, index: int) -> Author:
        """Return the member of a certificate with the credentials of that entry, else with the newest."""
        called = self.called.get(statement.delegation, "")
        for book in self._books:
            one: Member | None = book.members.get(statement.member)
            if one is not None and one.given:
                given = one.at(index) or one.given[-1].accreditation
                return Author(
                    statement.delegation,
                    called,
                    one.id,
                    given.name,
                    given.capacity,
                    given.level,
                    given.capital,
                )
        own = self.desk.identity
        if statement.member == own.person.member:
            one_self = own.person
            return Author(
                statement.delegation,
                called,
                one_self.member,
                one_self.name,
                one_self.capacity,
                one_self.level,
                one_self.capital,
            )
        return Author(statement.delegation, called, statement.member)


def powers_of(desk: Desk) -> tuple[str, ...]:
    """Return the powers that this desk's own member has by the record."""
    member = desk.talks.roster.book.members.get(desk.identity.person.member)
    given = member.at(desk.common.ledger.size) if member else None
    return tuple(given.powers) if given else ()
