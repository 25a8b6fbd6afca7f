"""Checkpoint: the refusals that vectors do not reach."""

import pytest

from good_offices.errors import LocalError, RemoteError
from good_offices.register.checkpoint import Checkpoint
from good_offices.register.tree import EMPTY_ROOT, MAX_SIZE

ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="


@pytest.mark.parametrize("size", [1, 20852163, MAX_SIZE])
def test_the_text_comes_back(size):
    text = f"example.com/behind-the-sofa\n{size}\n{ROOT}\n"
    assert Checkpoint.parse(text).text() == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"o\n1\n{ROOT}",
        f"o\n1\n{ROOT}\n\n",
        f"o\n1\n{ROOT}\nmore\n",
        f"\n1\n{ROOT}\n",
        f"a b\n1\n{ROOT}\n",
        f"a+b\n1\n{ROOT}\n",
        f"\u00e9\n1\n{ROOT}\n",
        f"a\x7f\n1\n{ROOT}\n",
        f"{'o' * 256}\n1\n{ROOT}\n",
        f"o\n\n{ROOT}\n",
        f"o\n01\n{ROOT}\n",
        f"o\n-1\n{ROOT}\n",
        f"o\n1_0\n{ROOT}\n",
        f"o\n\u0661\n{ROOT}\n",
        f"o\n{MAX_SIZE + 1}\n{ROOT}\n",
        f"o\n{'9' * 5000}\n{ROOT}\n",
        f"o\n0\n{ROOT}\n",
        "o\n1\nAAAA\n",
        f"o\n1\n{ROOT[:-1]}\n",
    ],
)
def test_refused(text):
    with pytest.raises(RemoteError) as error:
        Checkpoint.parse(text)
    assert error.value.code == "not-canonical"


@pytest.mark.parametrize(
    "checkpoint",
    [
        Checkpoint("a b", 0, EMPTY_ROOT),
        Checkpoint("o", -1, EMPTY_ROOT),
        Checkpoint("o", MAX_SIZE + 1, EMPTY_ROOT),
        Checkpoint("o", 1, b""),
        Checkpoint("o", 0, bytes(32)),
    ],
)
def test_our_own_fault(checkpoint):
    with pytest.raises(LocalError):
        checkpoint.text()
