"""The staff who write and review articles in admin, and the forms that they post."""

from django.contrib.auth.models import Group, User
from django.urls import reverse

from education.models import Clinician

PASSWORD = "a long enough password"
# What a browser posts for a statement with no number.
NO_NUMBERS = {"numbers-TOTAL_FORMS": 0, "numbers-INITIAL_FORMS": 0}


def make_staff(username, group="", **values):
    user = User.objects.create_user(username, password=PASSWORD, is_staff=True, **values)
    if group:
        user.groups.add(Group.objects.get(name=group))
    return user


def make_author(username="ana"):
    return make_staff(username, "Author", first_name=username.title())


def make_clinical_reviewer(username="ruth", name="Ruth Okafor"):
    user = make_staff(username, "Clinical reviewer")
    Clinician.objects.create(user=user, name=name, credentials="MD", role="Gastroenterologist")
    return user


def change_url(obj):
    return reverse(f"admin:education_{obj._meta.model_name}_change", args=[obj.pk])


def article_post(article, cards=(), **changes):
    """What a browser would post for this article."""
    data = {
        "version": article.version,
        "kind": article.kind,
        "slug": article.slug,
        "language": article.language,
        "title": article.title,
        "summary": article.summary,
        "key_points": article.key_points,
        "actions": article.actions,
        "body": article.body,
        "questions": article.questions,
        "conflicts_of_interest": article.conflicts_of_interest,
        "care_cards-TOTAL_FORMS": len(cards),
        "care_cards-INITIAL_FORMS": sum(1 for card in cards if card.get("id")),
        "_continue": "1",
    }
    for index, card in enumerate(cards):
        for name, value in card.items():
            data[f"care_cards-{index}-{name}"] = value
        data[f"care_cards-{index}-article"] = article.pk
    return data | changes


def form_values(response):
    """What a browser would post if the form were saved unchanged."""
    form = response.context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value not in (None, False)}
