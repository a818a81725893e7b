from django.core.management.commands import makemessages


class Command(makemessages.Command):
    """Also collects the strings marked with `_lazy`, as gettext_lazy is called in this project.

    https://docs.djangoproject.com/en/5.2/topics/i18n/translation/#customizing-the-makemessages-command
    """

    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=_lazy"]
