"""“Did you mean name@gmail.com?”: usual slips in e-mail addresses are offered once, and never forced."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.forms.address_slips import ENDS, PROVIDERS, REAL, is_one_slip, meant_address
from consultations.models import Inquiry
from tests.consultations.factories import a_coordinator, an_inquiry, posted
from tests.consultations.staff_pages import page_of
from tests.consultations.visits import STATUS, in_a_visit

FORM, CONTACT = "/consult/", f"{STATUS}contact/"
SLIPS = {
    "gamil.com": "gmail.com",
    "gmial.com": "gmail.com",
    "gmal.com": "gmail.com",
    "gmaill.com": "gmail.com",
    "gnail.com": "gmail.com",
    "gmail.co": "gmail.com",
    "gmail.cm": "gmail.com",
    "gmail.con": "gmail.com",
    "gmai.con": "gmail.com",
    "GAMIL.COM": "gmail.com",
    "googelmail.com": "googlemail.com",
    "hotmial.com": "hotmail.com",
    "hotmai.com": "hotmail.com",
    "hotmial.co.uk": "hotmail.co.uk",
    "hotmail.co.ku": "hotmail.co.uk",
    "homail.fr": "hotmail.fr",
    "yaho.com": "yahoo.com",
    "yahooo.de": "yahoo.de",
    "yahoo.comm": "yahoo.com",
    "outlok.com": "outlook.com",
    "outloook.es": "outlook.es",
    "icloud.con": "icloud.com",
    "iclould.com": "icloud.com",
    "t-onlin.de": "t-online.de",
    "wanado.fr": "wanadoo.fr",
    "laposte.nte": "laposte.net",
    "clinic-in-bath.con": "clinic-in-bath.com",
}
# Of common providers in many countries, and others that are near to one.
REAL_ONES = """
    gmail.com googlemail.com gmx.de gmx.net gmx.at gmx.ch gmx.com gmx.co.uk gmx.fr web.de freenet.de t-online.de
    arcor.de posteo.de mailbox.org mail.com email.com ymail.com mail.ru mail.de email.de mail.ch bk.ru list.ru
    inbox.ru inbox.com inbox.lv rambler.ru hotmail.com hotmail.co.uk hotmail.de hotmail.fr hotmail.it hotmail.es
    hotmail.nl hotmail.be hotmail.se hotmail.ch hotmail.com.ar hotmail.com.tr hotmail.com.au hotmail.co.jp
    hotmail.co.nz hotmail.ca hotmail.cl hotmail.gr hotmail.no live.com live.nl live.co.uk live.de live.fr live.it
    live.se live.no live.dk live.be live.ca live.com.au live.ie msn.com outlook.com outlook.de outlook.fr outlook.es
    outlook.it outlook.jp outlook.at outlook.ie outlook.co.th outlook.com.br yahoo.com yahoo.co.uk yahoo.de yahoo.fr
    yahoo.it yahoo.es yahoo.se yahoo.dk yahoo.no yahoo.gr yahoo.ie yahoo.in yahoo.ca yahoo.co.jp yahoo.ne.jp
    yahoo.co.in yahoo.co.id yahoo.co.il yahoo.co.kr yahoo.co.nz yahoo.co.za yahoo.com.ar yahoo.com.au yahoo.com.br
    yahoo.com.mx yahoo.com.tr yahoo.com.sg yahoo.com.ph yahoo.ro yahoo.pl yahoo.at yahoo.be icloud.com icloud.com.cn
    me.com mac.com aol.com aol.de aol.co.uk aim.com love.com rocketmail.com proton.me protonmail.com protonmail.ch
    pm.me tuta.com tuta.io tutanota.com tutanota.de tutamail.com hey.com duck.com fastmail.com fastmail.fm zoho.com
    zohomail.com zohomail.eu hushmail.com yandex.ru yandex.com yandex.by ya.ru btinternet.com sky.com
    virginmedia.com ntlworld.com talktalk.net blueyonder.co.uk tiscali.co.uk eircom.net o2.co.uk comcast.net
    verizon.net att.net cox.net charter.net bellsouth.net sbcglobal.net earthlink.net shaw.ca rogers.com bell.net
    bigpond.com bigpond.net.au optusnet.com.au xtra.co.nz orange.fr orange.es wanadoo.fr free.fr sfr.fr laposte.net
    neuf.fr bluewin.ch sunrise.ch hispeed.ch telenet.be skynet.be ziggo.nl kpnmail.nl planet.nl home.nl libero.it
    virgilio.it alice.it tin.it tiscali.it inwind.it interia.pl interia.eu o2.pl wp.pl onet.pl seznam.cz email.cz
    centrum.cz abv.bg uol.com.br bol.com.br terra.com.br terra.es qq.com 163.com 126.com sina.com naver.com
    hanmail.net daum.net rediffmail.com cloud.com libera.it example.co clinic.co firm.cm nhs.net doctors.org.uk
    mail.gmail.com
"""


@pytest.mark.parametrize(("typed", "meant"), SLIPS.items())
def test_a_slip_is_recognised(typed, meant):
    assert meant_address(f"Amina.Okafor@{typed}") == f"Amina.Okafor@{meant}"


@pytest.mark.parametrize("domain", REAL_ONES.split())
def test_a_real_address_is_no_slip(domain):
    assert meant_address(f"amina@{domain}") == ""
    assert meant_address(f"amina@{domain.upper()}") == ""


@pytest.mark.parametrize("typed", ["", "amina", "@", "amina@", "gamil.com", "amina@gmail", "a@.", "a@..con", "a@gamil"])
def test_what_is_no_address_is_not_guessed(typed):
    assert meant_address(typed) == ""


def test_what_is_offered_is_itself_no_slip():
    for name, ends in PROVIDERS.items():
        for end in ends:
            assert meant_address(f"a@{name}.{end}") == ""
    for end in ENDS.values():
        assert meant_address(f"a@clinic.{end}") == ""
    assert not REAL & {f"{name}.{end}" for name, ends in PROVIDERS.items() for end in ends}


def distance(one, other):
    """Damerau-Levenshtein (optimal string alignment), from the book."""
    rows = [[i + j if 0 in (i, j) else 0 for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            is_other = one[i - 1] != other[j - 1]
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + is_other)
            if i > 1 and j > 1 and one[i - 2 : i] == other[j - 2 : j][::-1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


@given(st.text("abc", max_size=5), st.text("abc", max_size=5))
def test_one_slip_is_a_distance_of_one(one, other):
    assert is_one_slip(one, other) == (distance(one, other) == 1)


def asked_on(response):
    return "Did you mean name@gmail.com?" in response.content.decode()


def chosen_on(response):
    """The value of the radio button that is chosen."""
    found = re.findall(r'name="email_choice" value="([^"]*)"[^>]*? checked', response.content.decode())
    return found[0] if found else ""


@pytest.mark.django_db
def test_the_form_asks_once_and_keeps_every_word(client):
    form = posted(email="name@gamil.com")

    response = client.post(FORM, form)

    assert response.status_code == 200
    assert asked_on(response)
    assert not Inquiry.objects.exists()
    html = response.content.decode()
    for kept in ("name@gamil.com", "Amina Okafor", "Red, scaly patches", "Coconut oil"):
        assert kept in html
    # Sent again as it is, with the button that the page has chosen.
    assert chosen_on(response) == "name@gamil.com"
    assert client.post(FORM, form | {"email_choice": chosen_on(response)}).status_code == 302
    assert Inquiry.objects.get().email == "name@gamil.com"


@pytest.mark.django_db
def test_the_address_that_was_meant_is_used_if_the_patient_chooses_it(client):
    form = posted(email="name@gamil.com", email_choice="name@gmail.com")

    assert client.post(FORM, form).status_code == 302

    assert Inquiry.objects.get().email == "name@gmail.com"


@pytest.mark.django_db
def test_the_choice_lasts_while_other_answers_are_mended_and_over_the_advice(client):
    form = posted(email="name@gamil.com", email_choice="name@gmail.com", question="")
    response = client.post(FORM, form)
    assert not asked_on(response)
    assert chosen_on(response) == "name@gmail.com"

    advice = client.post(FORM, form | {"question": "There is blood in my poo."}).content.decode()

    assert "Please read this before" in advice
    assert 'name="email_choice" value="name@gmail.com"' in advice


@pytest.mark.django_db
@pytest.mark.parametrize("choice", ["name@gamil.com", "name@gmail.com", "mallory@example.org"])
def test_a_choice_about_another_address_counts_for_nothing(client, choice):
    client.post(FORM, posted(email="other@hotmial.com", email_choice=choice))
    assert not Inquiry.objects.exists()

    client.post(FORM, posted(email="name@example.org", email_choice=choice))
    assert Inquiry.objects.get().email == "name@example.org"


@pytest.mark.django_db
def test_without_a_slip_nothing_is_asked(client):
    page = client.get(FORM).content.decode()
    assert "email_choice" not in page
    assert client.post(FORM, posted()).status_code == 302


@pytest.mark.django_db
def test_a_corrected_address_is_asked_about_too(client):
    inquiry = an_inquiry()
    in_a_visit(client, inquiry)
    form = {"email": "name@gamil.com", "phone": "", "age_group": "18-39"}

    response = client.post(CONTACT, form)
    assert asked_on(response)
    assert '<a href="#contact_email_choice_0">' in response.content.decode()
    assert client.post(CONTACT, form | {"email_choice": chosen_on(response)}).status_code == 302
    assert Inquiry.objects.get().email == "name@gamil.com"
    assert client.post(CONTACT, form | {"email_choice": "name@gmail.com"}).status_code == 302
    assert Inquiry.objects.get().email == "name@gmail.com"


@pytest.mark.django_db
def test_a_coordinator_is_asked_too(client):
    inquiry = an_inquiry()
    client.force_login(a_coordinator())
    form = {"email": "name@gamil.com", "phone": "", "age_group": "", "reason": "She rang."}

    response = client.post(page_of(inquiry, "contact"), form)

    assert asked_on(response)
    assert client.post(page_of(inquiry, "contact"), form | {"email_choice": "name@gmail.com"}).status_code == 302
    assert Inquiry.objects.get().email == "name@gmail.com"
