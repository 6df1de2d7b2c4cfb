from django.apps import AppConfig


class BudgetsConfig(AppConfig):
    name = "budgets"

    def ready(self) -> None:
        from foundation.documents import registry
        from localities import parts
        from partnerships import home
        from partnerships.permissions import choose_documents, list_documents

        from .documents import accounts, public_money, report, set_aside
        from .documents import directions as letters
        from .documents.access import may_download
        from .rules import VIEW_BUDGETS
        from .selectors import home as said
        from .selectors.confirmations import figures_due
        from .selectors.directions import directions_due
        from .selectors.due import years_due
        from .services.letters import record_letter_taken
        from .services.reports import record_report_taken

        home.register_due(directions_due)
        home.register_due(figures_due)
        home.register_line(20, said.home_line)
        home.register_due(years_due)
        parts.register_part(20, said.locality_part)
        registry.register(
            registry.DocumentKind(
                code=letters.LETTER,
                label="Letter of a direction",
                build=None,
                book=letters.letter_book,
                may_download=letters.may_download_letter,
                downloaded=record_letter_taken,
                origin=letters.letter_origin,
            )
        )
        choose_documents(letters.LETTER, letters.letters_of)
        registry.register(
            registry.DocumentKind(
                code=accounts.CATEGORY_PDF,
                label="Spend by category",
                build=None,
                book=accounts.category_book,
                may_download=may_download,
                origin=accounts.table_origin,
            )
        )
        list_documents(accounts.CATEGORY_PDF, VIEW_BUDGETS)
        registry.register(
            registry.DocumentKind(
                code=set_aside.SET_ASIDE_PDF,
                label="Set-aside report",
                build=None,
                book=set_aside.use_book,
                may_download=may_download,
                origin=set_aside.use_origin,
            )
        )
        list_documents(set_aside.SET_ASIDE_PDF, VIEW_BUDGETS)
        registry.register(
            registry.DocumentKind(
                code=public_money.PUBLIC_PDF,
                label="Where the money goes",
                build=None,
                book=public_money.told_book,
                may_download=public_money.may_download_told,
                origin=public_money.told_origin,
            )
        )
        list_documents(public_money.PUBLIC_PDF, VIEW_BUDGETS)
        registry.register(
            registry.DocumentKind(
                code=report.REPORT,
                label="Finance report",
                build=None,
                book=report.report_book,
                may_download=may_download,
                downloaded=record_report_taken,
                origin=report.report_origin,
            )
        )
        list_documents(report.REPORT, VIEW_BUDGETS)
