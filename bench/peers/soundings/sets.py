"""openmined-psi: the intersection of two sets, both sides in this process: `sets.py OPTIONS`.

Each set has as many items as there are options: the options that its side accepts, and a random item for each other one, or
the number of acceptances would show. RAW is the structure without false positives. Prints seconds on the clock and of
the processor, as JSON.
"""

import json
import secrets
import sys
import time

import private_set_intersection.python as psi


def items(count: int, every: int) -> list[str]:
    """Return the set of a side that accepts one option in `every`."""
    return [f"option {at}" if at % every == 0 else f"none {secrets.token_hex(16)}" for at in range(count)]


def main() -> None:
    count = int(sys.argv[1])
    here, there = items(count, 2), items(count, 3)
    begun, used = time.perf_counter(), time.process_time()
    client = psi.client.CreateWithNewKey(reveal_intersection=True)
    server = psi.server.CreateWithNewKey(reveal_intersection=True)
    # The rate of false positives means nothing for RAW, but is asked for.
    setup = server.CreateSetupMessage(1e-9, count, there, psi.DataStructure.RAW)
    response = server.ProcessRequest(client.CreateRequest(here))
    found = client.GetIntersection(setup, response)
    taken = {"clock": time.perf_counter() - begun, "processor": time.process_time() - used}
    if sorted(found) != list(range(0, count, 6)):
        sys.exit("the intersection is wrong")
    print(json.dumps(taken))


if __name__ == "__main__":
    main()
