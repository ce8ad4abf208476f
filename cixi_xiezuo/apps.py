from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "cixi_xiezuo"
    label = "core"
    verbose_name = "公共"
