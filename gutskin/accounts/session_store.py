"""Sessions in the database, found by a digest of their key, so that no one who reads the database can take one over.

The key itself is in the browser's cookie only. Django's own store keeps it as it is, and so does allauth in its list of
sessions: see gutskin.apps.UserSessionsConfig.
"""

from asgiref.sync import sync_to_async
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from gutskin.encryption.digests import keyed_digest

COLUMN_CHARACTERS = 40


def stored_key(session_key: str) -> str:
    """What the database has in place of this key: 160 bits of a digest under DIGEST_KEY, as long as the column."""
    return keyed_digest("session", session_key)[:COLUMN_CHARACTERS]


class SessionStore(DatabaseStore):
    """The settings name this module as SESSION_ENGINE, and Django takes this class from it."""

    def _get_session_from_db(self):
        found = self.model.objects.filter(session_key=stored_key(self.session_key), expire_date__gt=timezone.now())
        # There can only be one. first() would sort, and every page of staff begins with this query.
        session = next(iter(found), None)
        if session is None:
            self._session_key = None
        return session

    def exists(self, session_key):
        return super().exists(stored_key(session_key))

    def create_model_instance(self, data):
        instance = super().create_model_instance(data)
        instance.session_key = stored_key(instance.session_key)
        return instance

    def delete(self, session_key=None):
        if key := session_key or self.session_key:
            self.model.objects.filter(session_key=stored_key(key)).delete()

    # Nothing here is asynchronous; Django's own methods would use the key as it is.
    _aget_session_from_db = sync_to_async(_get_session_from_db)
    aexists = sync_to_async(exists)
    acreate_model_instance = sync_to_async(create_model_instance)
    adelete = sync_to_async(delete)
