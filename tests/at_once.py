"""Concurrency: several threads at the same time, on a database that is a file (the fixture `file_database`)."""

import threading

from django.db import connection, connections


def together(count, work):
    """Runs `work` in threads that start at the same moment. Returns what each returned or raised."""
    results, gate = [], threading.Barrier(count)

    def run(number):
        gate.wait()
        try:
            results.append(work(number))
        except Exception as error:  # handed to the test
            results.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def database_url(path):
    if connection.vendor == "sqlite":
        return f"sqlite:///{path}"
    here = connection.settings_dict
    return f"postgres://{here['USER']}:{here['PASSWORD']}@{here['HOST']}:{here['PORT']}/{here['NAME']}"
