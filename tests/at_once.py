"""Several at the same time, at a database that is a file: see the fixture `file_database`."""

import threading

from django.db import connection, connections


def together(count, work):
    """Runs the work in threads that start at the same moment; gives what each returned."""
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
