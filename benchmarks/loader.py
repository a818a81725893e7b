"""A load generator in a process of its own: `python benchmarks/loader.py < plan.json`, and its result is JSON.

Closed loop: each connection sends its next request when the last one was answered. `{key}` and `{address}` in headers
and body are new for each request. It imports nothing of the project.
"""

import http.client
import json
import random
import sys
import threading
import time
import uuid


def client(plan, end, taken, statuses):
    connection = http.client.HTTPConnection("127.0.0.1", plan["port"], timeout=30)
    paths = plan["paths"]
    number = random.randrange(len(paths))  # noqa: S311  where a client begins in the list of pages; it is no secret
    while time.perf_counter() < end:
        number += 1
        began = time.perf_counter()
        try:
            connection.request(plan["method"], paths[number % len(paths)], *new(plan))
            answer = connection.getresponse()
            answer.read()
            status = answer.status
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            status = type(error).__name__
        taken.append(time.perf_counter() - began)
        statuses[str(status)] = statuses.get(str(status), 0) + 1
    connection.close()


def new(plan):
    """Body and headers of the next request."""
    if "{key}" not in plan["body"]:
        return plan["body"] or None, plan["headers"]
    key = uuid.uuid4()
    address = ".".join(["10", *(str(byte) for byte in key.bytes[:3])])
    headers = {name: value.replace("{address}", address) for name, value in plan["headers"].items()}
    return plan["body"].replace("{key}", str(key)), headers


def run(plan):
    clients = [([], {}) for _ in range(plan["connections"])]
    began = time.perf_counter()
    end = began + plan["seconds"]
    threads = [threading.Thread(target=client, args=(plan, end, *lists)) for lists in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    statuses = {}
    for _taken, of_one in clients:
        for status, count in of_one.items():
            statuses[status] = statuses.get(status, 0) + count
    milliseconds = sorted(1000 * each for taken, _statuses in clients for each in taken)
    return {"seconds": seconds, "milliseconds": milliseconds, "statuses": statuses}


if __name__ == "__main__":
    json.dump(run(json.load(sys.stdin)), sys.stdout)
