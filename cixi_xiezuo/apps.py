from django.apps import AppConfig
from django.db.backends.signals import connection_created


class CoreConfig(AppConfig):
    name = "cixi_xiezuo"
    label = "core"
    verbose_name = "公共"

    def ready(self) -> None:
        from cixi_xiezuo.watching import watch_statements

        connection_created.connect(watch_statements)
