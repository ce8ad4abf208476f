"""What each app brings in a module of an agreed name, so that the core knows no app by name."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from django.apps import apps


def modules(name: str) -> Iterator[ModuleType]:
    """The modules `name` of the apps that have one, in the order of the settings."""
    for config in apps.get_app_configs():
        path = f"{config.name}.{name}"
        if config.name != "cixi_xiezuo" and find_spec(config.name) and find_spec(path):
            yield import_module(path)
