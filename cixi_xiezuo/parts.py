"""What each app brings in a module of an agreed name, so that the core knows no app by name."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from django.apps import apps


@cache  # every page asks, and a module that is not there is looked for in every folder of the path
def modules(name: str) -> tuple[ModuleType, ...]:
    """The modules `name` of the apps that have one, in the order of the settings."""
    paths = [
        f"{config.name}.{name}"
        for config in apps.get_app_configs()
        if config.name != "cixi_xiezuo" and find_spec(config.name) and find_spec(f"{config.name}.{name}")
    ]
    return tuple(map(import_module, paths))
