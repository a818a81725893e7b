"""Forms that are added to a page of admin describe their fields as the others do."""

import pytest
from django.contrib.auth.models import User

from tests.education.admin_cast import make_author
from tests.staff_session import cookie_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_help_of_an_added_number_belongs_to_it(new_page, site):
    make_author("ana")
    page = new_page(viewport={"width": 1280, "height": 900})
    page.context.add_cookies([cookie_of(User.objects.get(username="ana"), site)])
    page.goto(f"{site}/admin/education/evidencestatement/add/")
    add = page.get_by_role("link", name="Add another Number").or_(page.get_by_role("button", name="Add another Number"))
    add.click()
    add.click()
    for number in (0, 1):
        field = page.locator(f"#id_numbers-{number}-what")
        described_by = field.get_attribute("aria-describedby")
        assert described_by == f"id_numbers-{number}-what_helptext"
        assert page.locator(f"#{described_by}").count() == 1
