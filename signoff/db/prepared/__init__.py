"""Compiled SQL of querysets, sent as server-side prepared statements.

Building and compiling a queryset takes longer than PostgreSQL needs to answer a look-up by key. ``CompiledQuery``
(``compiled``) and ``QueryBatch`` (``batch``) compile it once per process; later calls only bind parameters.
``statements`` lists the SQL that may be prepared, ``cursor`` is the cursor of every connection that obeys the list.

Use it for look-ups by key that run on every request or action, and only in a package's ``queries.py``, behind a named
function. Lists and searches stay ordinary querysets: their best plan depends on the values
(docs/decisions/0027-compiled-and-prepared-queries.md).

It depends on Django's SQL compiler (``get_compiler``, ``as_sql``, ``execute_sql``, ``results_iter``,
``get_converters``), the iterables of a queryset (``_iterable_class``), the caches of prefetched and related objects
(``_prefetched_objects_cache``, ``_result_cache``, ``fields_cache``) and ``ServerBindingCursor``. None of it is promised
by Django's documentation: tests/signoff/db/test_django_contract.py has one test for each, and fails for a use that has
none.
"""
