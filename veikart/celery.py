"""The Celery application. The broker is the only thing that differs between the embedded
default (files under ``var/``) and production (Redis)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "veikart.settings")

app = Celery("veikart")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
