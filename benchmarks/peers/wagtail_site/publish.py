"""Publishes the text of PEER_FOLDER/main.html as /article/: python -m benchmarks.peers.wagtail_site.publish"""

import os
from pathlib import Path

import django

django.setup()

from wagtail.models import Page, Site  # noqa: E402

from benchmarks.peers.wagtail_site.models import ArticlePage  # noqa: E402

body = (Path(os.environ["PEER_FOLDER"]) / "main.html").read_text()
home = Page.objects.get(slug="home")
home.add_child(instance=ArticlePage(title="Article", slug="article", body=body)).save_revision().publish()
Site.objects.update(hostname="gutskin.example")
