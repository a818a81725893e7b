"""Lists of articles."""

from education.addresses import absolute
from education.structured_data.breadcrumb import home_crumb
from education.structured_data.web_page import web_page


def article_list_page(path: str, *, heading: str, intro: str, articles, language: str) -> dict:
    """The articles of a kind, or of a language."""
    return web_page(
        "CollectionPage",
        path=path,
        name=heading,
        description=intro,
        language=language,
        crumbs=[home_crumb()],
        mainEntity=item_list(articles),
    )


def item_list(articles) -> dict:
    """Articles in the order of the page, by the titles that readers see."""
    return {
        "@type": "ItemList",
        "numberOfItems": len(articles),
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": article.live.title,
                "url": absolute(article.get_absolute_url()),
            }
            for position, article in enumerate(articles, start=1)
        ],
    }
