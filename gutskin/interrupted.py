"""What a command says when it is stopped with Ctrl-C: one line, with how to go on."""

GO_ON = {
    "backup": "No backup was made. A file that is not finished is not counted as one; run it again.",
    "check_references": "Answers so far are stored. To leave those out: check_references --stale-days 1",
    "collectstatic": "Run it again before the site starts: not all files may be there.",
    "load_content": "Nothing was changed. Run it again.",
    "make_leaflets": "The leaflets so far are stored. Run it again for the others.",
    "migrate": "Run it again before the site starts: it goes on with the first migration that is missing.",
    "renew_email_indexes": "Run it again: it begins from the start.",
    "restore": "The database may be incomplete. Do not start the site; run it again with --replace.",
    "rotate_encryption_keys": "What is encrypted with the newest key stays so. Run it again for the rest.",
    "verify_audit_log": "Nothing was changed. Run it again.",
}
OTHERWISE = "Run it again."
# As shells report a program that SIGINT has ended: 128 and the number of the signal.
EXIT_STATUS = 130


def say_how_to_go_on(arguments: list[str], error: KeyboardInterrupt, stderr) -> int:
    """Writes the line, unless the command itself knew better and has written one. Returns the exit status."""
    if not getattr(error, "is_explained", False):
        command = arguments[1] if len(arguments) > 1 else ""
        stderr.write(f"\nStopped. {GO_ON.get(command, OTHERWISE)}\n")
    return EXIT_STATUS
