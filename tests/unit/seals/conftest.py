"""Here Argon2id is tried at its price: what tests/conftest.py makes cheap is taken back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from good_offices.seals import keyring


@pytest.fixture(scope="module", autouse=True)
def full_price(price_of_passphrases: dict[str, int]) -> Iterator[None]:
    """New key files cost here what they cost everybody."""
    with pytest.MonkeyPatch.context() as patch:
        for name, price in price_of_passphrases.items():
            patch.setattr(keyring, name, price)
        yield
