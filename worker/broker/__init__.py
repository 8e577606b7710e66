"""Celery's messages: checked before a worker takes them, and told of without their pages."""
