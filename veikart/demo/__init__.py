"""Demo data: two municipalities and their projects, played through the services in files' order.

``content`` reads the files under ``fixtures/demo/``, ``acting`` carries out one event,
``loading`` plays whole files, ``clock`` lets each event happen at its own moment in the past.
"""
