from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts.resume import forget_others

        user_logged_in.connect(forget_others, dispatch_uid="accounts.forget_others")
