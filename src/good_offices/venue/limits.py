"""Who may ask how often: token buckets and request numbers, both bounded in memory.

This module decides whether a request comes too often or a second time. It never reads a clock: the time is an argument.

1. A bucket holds `burst` tokens and gains `rate` a second; each request takes its cost or is refused.
2. Buckets that are full again are the first to be forgotten; forgetting a full bucket changes nothing.
3. A nonce is taken once for each key within the window in which its request could be accepted; a key that has used
   `capacity` nonces within the window must wait. Appends are exempt, as they are idempotent by their content.
"""

from __future__ import annotations

from collections import OrderedDict, deque

from good_offices.errors import OperationalError, RemoteError
from good_offices.transport.signing import WINDOW


class Buckets:
    """Token buckets by name; forgets the least recently used beyond `capacity`."""

    def __init__(self, rate: float, burst: float, capacity: int = 65_536) -> None:
        """Refill each bucket by `rate` tokens a second up to `burst`."""
        self._rate, self._burst, self._capacity = rate, burst, capacity
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, name: str, now: float, cost: float = 1.0) -> None:
        """Take `cost` tokens from the bucket `name` at the time `now` (seconds, never decreasing).

        Raises:
            OperationalError: `too-many-requests`; nothing is taken.
        """
        tokens, then = self._buckets.get(name, (self._burst, now))
        tokens = min(self._burst, tokens + (now - then) * self._rate)
        # A cost above the burst would never pass: such a request takes the whole bucket instead.
        cost = min(cost, self._burst)
        if tokens < cost:
            raise OperationalError("too-many-requests")
        self._buckets[name] = (tokens - cost, now)
        self._buckets.move_to_end(name)
        if len(self._buckets) > self._capacity:
            self._buckets.popitem(last=False)


class Nonces:
    """The nonces each key has used within the window."""

    def __init__(self, capacity: int = 4096, keys: int = 16_384) -> None:
        """Keep at most `capacity` nonces for each of at most `keys` keys."""
        self._capacity, self._keys = capacity, keys
        self._used: OrderedDict[str, tuple[set[str], deque[tuple[float, str]]]] = OrderedDict()

    def take(self, keyid: str, nonce: str, now: float) -> None:
        """Take `nonce` for `keyid` at the time `now` in seconds.

        Raises:
            RemoteError: `request-replayed`.
            OperationalError: `too-many-requests` if the key has used too many within the window.
        """
        if keyid not in self._used:
            self._used[keyid] = (set(), deque())
            if len(self._used) > self._keys:
                self._used.popitem(last=False)
        used, order = self._used[keyid]
        self._used.move_to_end(keyid)
        # `created` may lie WINDOW before or after our time, so a request is acceptable for twice as long.
        while order and order[0][0] < now - 2 * WINDOW:
            used.discard(order.popleft()[1])
        if nonce in used:
            raise RemoteError("request-replayed")
        if len(order) >= self._capacity:
            raise OperationalError("too-many-requests")
        used.add(nonce)
        order.append((now, nonce))
