"""What the server keeps of one tenant, in the interpreter that is the tenant's.

Documents are decoded and encoded by `hpyjson`, an extension in C.
"""
from __future__ import unicode_literals

import collections

import hpyjson

MOST = 100


class Store(object):
    """The last documents of a tenant. With `leaks` each one leaves a handle open, for the dashboard to show."""

    def __init__(self, leaks=False):
        self._documents = collections.OrderedDict()
        self._added = 0
        self._leaks = leaks

    def add(self, text):
        """Keeps a document; returns its number. ValueError if it is not JSON."""
        document = hpyjson.loads(text)
        if self._leaks:
            import leaky
            leaky.forget(document)
        self._added += 1
        self._documents[self._added] = document
        if len(self._documents) > MOST:
            self._documents.popitem(last=False)
        return self._added

    def get(self, number):
        """A document as JSON, None if there is none."""
        if number not in self._documents:
            return None
        return hpyjson.dumps(self._documents[number])

    def about(self):
        """What there is to say of the tenant, as JSON."""
        return hpyjson.dumps({
            "documents": len(self._documents),
            "added": self._added,
            "fields": dict(collections.Counter(self._fields())),
        })

    def _fields(self):
        for document in self._documents.values():
            if isinstance(document, dict):
                for key in document:
                    yield key
