"""How tests save a form of admin."""


def save_form(client, address, data, **kwargs):
    """Posts a form as its page does: with the version that the page showed."""
    shown = client.get(address).context["adminform"].form["version"].value()
    return client.post(address, {"version": shown} | data, **kwargs)
