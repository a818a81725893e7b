"""Every limit that a person can run into, with its unit and its reason.

Code reads them through the module (`limits.MESSAGES_PER_HOUR`), so that a test can change one with
`monkeypatch.setattr("gutskin.limits.MESSAGES_PER_HOUR", 2)`. Limits that an operator sets are variables in
docs/operators.md; their defaults are here. How long data is kept is not here: see consultations/retention.py.

Counts “per hour” are for a clock hour and are kept in the database (gutskin/rate_limits.py).
"""

from datetime import timedelta

# Requests for a consultation
# One household or one clinic may share an address; a program that fills the queue sends more.
REQUESTS_PER_HOUR = 5  # from one address
# To one mailbox, no matter who asks, so that no one can flood it. The receipt page shows the code all the same.
RECEIPTS_PER_HOUR = 5
# More than a patient writes, and fewer than would fill a database.
MESSAGES_PER_HOUR = 20  # about one request
# The same words again within this time are the same message: sent, Back, and sent once more.
SAME_WORDS_WITHIN = timedelta(minutes=10)
# Shorter for a note: “Rang, no answer” is true again a few minutes later.
SAME_NOTE_WITHIN = timedelta(minutes=1)
LONG_TEXT_CHARACTERS = 10_000  # of each longer answer, message, note and reply: about four pages
LINE_CHARACTERS = 200  # of names and other answers of one line

# Coming back to a request
# Patients behind one address of a hospital share it. Nothing is counted over all addresses: an attacker with many
# would use up that limit and lock out every patient. Nor is it what prevents guessing; the length of the codes does:
# with a million addresses and a hundred thousand requests, the first hit among 80 random bits takes tens of millions
# of years.
CODES_PER_HOUR = 30  # wrong ones from one address; then the right one is refused as well
LINK_REQUESTS_PER_HOUR = 5  # from one address
# However many addresses take part: this is as much mail to strangers as we let anyone cause.
LINK_REQUESTS_PER_HOUR_BY_ALL = 300
LINKS_PER_HOUR = 3  # to one request
LINKS_AT_ONCE = 5  # for as many of one person's requests, the newest
# PINs and ends of phone numbers are short. Patients who have the code need neither.
ANSWERS_AFTER_LINK_PER_HOUR = 5  # wrong ones about one request; then the right one is refused as well
# Long enough for mail to arrive, short enough for a mailbox that others read too.
LINK_LASTS = timedelta(minutes=15)
# Shared computers are left unlocked; a patient may stay longer by pressing a button.
VISIT_LASTS = timedelta(minutes=30)
# A receipt may be in a mailbox for weeks before someone sees that it is not theirs.
ADDRESS_ASKED_FOR = timedelta(days=90)
# How long the page after sending shows the reference, and the code, unless it was kept before: docs/decisions/0019.
RECEIPT_SHOWN_FOR = timedelta(hours=1)
RECEIPT_CODE_SHOWN_FOR = timedelta(minutes=10)

# Photos
MOST_PHOTOS = 5  # with one request
PHOTOS_PER_HOUR = 30  # from one address, good or not
# Decoding costs by the pixel: this is a dozen photos of the largest cameras, or fifty of a usual phone.
PHOTO_PIXELS_PER_HOUR = 600_000_000  # from one address
# A provider gives a household 2^64 addresses of IPv6 or more, and anyone can rent 65,536 times as many (a /48), where
# a hospital has all its patients.
TIMES_PER_IPV6_48 = 4  # the limits per hour of photos and pixels
LARGEST_PHOTO_BYTES = 10_000_000  # as sent; a phone's photo has a few million
# A small file can decompress to any size, and what a pixel costs differs: a JPEG is decoded at a part of its size (50
# megapixels: 35 MB and 0.2 s, step by step 320 MB and 0.7 s), the others in full. Of PNG, 25 megapixels take 290 MB and
# 1.6 s, and of WebP 20 take 330 MB.
MOST_JPEG_PIXELS = 51_000_000
MOST_HEIC_PIXELS = 25_000_000  # phones make 12 or 24 million
MOST_PNG_PIXELS = 25_000_000
MOST_WEBP_PIXELS = 20_000_000
SHORTEST_PHOTO_SIDE = 32  # pixels
# A photo that loads step by step has about ten scans. Thousands in a small file keep a processor busy for hours.
MOST_JPEG_SCANS = 100
# What the process that decodes one photo may take; the largest honest photos take 1.6 seconds of a processor.
PHOTO_MEMORY_BYTES = 512_000_000
PHOTO_CPU_SECONDS = 5
PHOTO_SECONDS = 15
PHOTOS_AT_ONCE = 2  # on one machine
# All photos of one form, together: a proxy waits half a minute for the page.
PHOTO_PIXELS_PER_FORM = 200_000_000
PHOTO_SECONDS_PER_FORM = 12
# No one sends photos beyond this: the rest of the form is not looked at.
LARGEST_PHOTO_FORM_BYTES = 200_000_000
# A form that no one has sent by then will not be sent any more.
PHOTO_DRAFTS_KEPT_FOR = timedelta(hours=24)

# Readers
FEEDBACK_PER_HOUR = 20  # answers from one address
FEEDBACK_CHARACTERS = 500
SEARCH_CHARACTERS = 200  # of a query; what comes after them is left out

# Staff: logging in
# All people of a clinic may share one address; a program that tries passwords asks more often.
LOGINS_PER_HOUR = 100  # from one address
# From however many addresses: an attacker who guesses a user's codes knows the password already.
WRONG_CODES_PER_HOUR = 20  # for one user
WRONG_LOGINS = 5  # passwords or codes for one name from one address, before the lockout
LOCKOUT_MINUTES = 30  # unless LOCKOUT_MINUTES is set
SHORTEST_PASSWORD = 12  # characters
# NIST SP 800-63B (AAL3) allows 15 minutes without work and 12 hours in any case. Screens of a clinic are passed by
# others, and a working day has eight hours.
SESSION_IDLE_MINUTES = 15  # unless SESSION_IDLE_MINUTES is set
SESSION_LASTS = timedelta(hours=8)
# Before a step that cannot be undone, the last password, code or passkey must be younger than this.
REAUTHENTICATION_LASTS = timedelta(minutes=5)
# A new colleague may be on holiday; the mail should not lie in a mailbox for longer.
INVITATION_LASTS = timedelta(days=7)
# The second of two people approves the reset of a second factor within this time.
RESET_APPROVED_WITHIN = timedelta(hours=24)
# Both of them have had their account and a factor for this long: the notices about these have been read by then.
RESETS_ONLY_AFTER = timedelta(hours=24)

# Staff: working
# A reason to read a health story is given again after this time.
STORY_ACCESS_LASTS = timedelta(hours=1)
# What was typed and not sent: long enough for a week away, short enough for a text about a patient.
DRAFTS_KEPT_FOR = timedelta(days=7)
# “Undo” is offered for this long. The purge, once an hour, deletes what was discarded before.
DISCARDED_DRAFTS_KEPT_FOR = timedelta(minutes=10)
MOST_ASSIGNED_AT_ONCE = 200  # requests of the queue: each is an event of the audit log and locks its row
MOST_SEARCH_RESULTS = 50  # requests that the search for a person shows
# The newest of those selected; the page says how to get the others.
MOST_EXPORTED_EVENTS = 50_000
# This many are checked in a few seconds; the command verify_audit_log checks a longer log as a whole.
MOST_CHECKED_EVENTS = 20_000
# A page can be published this long after its review: after that, the review may be out of date.
PUBLISHED_WITHIN_MONTHS = 6
# In characters, with all tags: five times a long article. Megabytes of links would keep a server busy for a minute.
CHECKED_ARTICLE_CHARACTERS = 100_000
# Open at the same time in the HTML of a text: the editor nests a dozen. A parser compares each with all that are open.
MOST_NESTED_ELEMENTS = 500
# Steps of comparing two versions of a text, about half a second: an article that is rewritten takes a tenth of them.
MOST_COMPARISONS = 4_000_000
LARGEST_REFERENCE_FILE_BYTES = 1_000_000
# The preview carries the text to the next page, in a form that must fit into LARGEST_FORM_BYTES.
LARGEST_REFERENCE_TEXT_BYTES = 900_000
MOST_IMPORTED_REFERENCES = 500  # at once
# In one request to PubMed, which answers up to 200, with 5 MB at most.
MOST_LISTED_PMIDS = 100
MOST_DECIDED_PAPERS = 100  # new papers of the evidence map, at once

# Every page
LARGEST_FORM_BYTES = 1_000_000  # without files
# A larger form is read up to here, so that the page that refuses it can show what was typed; see
# gutskin/large_forms.py. Twenty texts of 100,000 characters in any script have up to 8 MB.
LARGEST_READ_FORM_BYTES = 10_000_000
# And read and thrown away up to here. A browser shows no answer to what it could not send.
LARGEST_DRAINED_BYTES = 60_000_000
DRAINED_SECONDS = 60
RETRY_AFTER_SECONDS = 30  # told to browsers while the database does not answer
