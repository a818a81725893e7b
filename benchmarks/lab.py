"""The folder of one run: a site that was prepared once, and what the benchmarks make beside it."""

from pathlib import Path

from benchmarks.servers import Server
from tests import production
from tests.production import ROOT


class Lab:
    def __init__(self, folder: Path, *, articles: int | None = None):
        self._folder, self.articles = folder, articles
        # PostgreSQL runs as an account of its own, which must be able to enter.
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)
        self.site_folder = self.folder("site")
        if not (self.site_folder / "static").exists():
            self.say("Preparing a site ...")
            self.prepare(production.environment(self.site_folder))

    def say(self, words: str) -> None:
        print(words, flush=True)

    def folder(self, name: str) -> Path:
        folder = self._folder / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def lasting_folder(self, name: str) -> Path:
        """For what takes long to prepare and is the same in the next run."""
        folder = ROOT / "var" / "benchmarks" / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def site(self, name: str, **variables) -> Server:
        """The site with its seed content; on SQLite, all of them share one database."""
        variables = {"VAR_DIR": str(self.site_folder), "ALLOWED_HOSTS": "gutskin.example"} | variables
        return Server(name, "gutskin.wsgi", self.folder("logs"), **variables)

    def prepare(self, env: dict) -> None:
        """Database, content and static files."""
        prepared = production.run(*production.PREPARE, env=env)
        if prepared.returncode:
            raise RuntimeError(prepared.stderr)
