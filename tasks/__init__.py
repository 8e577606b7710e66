"""Celery's shells around the steps: each loads, calls one function of pagefacts, stores, and returns the job's id."""
