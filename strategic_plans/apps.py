from django.apps import AppConfig


class StrategicPlansConfig(AppConfig):
    name = "strategic_plans"

    def ready(self) -> None:
        from budgets.onward import Account, register_account, register_onward
        from foundation.documents import registry, word
        from localities import parts
        from partnerships import home
        from partnerships.permissions import list_documents

        from . import blocks, documents, rules, services, statement_documents
        from .selectors import actions_due as promised
        from .selectors import home as said
        from .selectors.onward import onward_to_plans
        from .selectors.plans import (
            PLAN_PDF,
            PLAN_VARIANT,
            PLAN_WORD,
            PLAN_WRITTEN,
            places_in_plan,
            plan_page,
        )

        blocks.register()
        registry.register(
            registry.DocumentKind(
                code=PLAN_PDF,
                label="Strategic plan",
                build=None,
                book=documents.document_book,
                is_long=True,
                may_download=rules.may_download_pdf,
                downloaded=services.record_download,
                origin=plan_page,
                places=places_in_plan,
            )
        )
        registry.register_files("pictures/", documents.picture_file)
        registry.register(
            registry.DocumentKind(
                code=PLAN_WORD,
                label="Strategic plan for Word",
                build=documents.build_word,
                may_download=rules.may_download_pdf,
                downloaded=services.record_download,
                origin=plan_page,
                extension=word.EXTENSION,
                content_type=word.MEDIA_TYPE,
            )
        )
        registry.register(
            registry.DocumentKind(
                code=PLAN_VARIANT,
                label="Short form of a strategic plan",
                build=None,
                book=documents.variant_book,
                may_download=rules.may_download_pdf,
                downloaded=services.record_download,
                origin=plan_page,
            )
        )
        registry.register(
            registry.DocumentKind(
                code=PLAN_WRITTEN,
                label="Strategic plan in easy words or in Gaelic",
                build=None,
                book=documents.written_book,
                may_download=rules.may_download_pdf,
                downloaded=services.record_download,
                origin=plan_page,
            )
        )
        for kind in (PLAN_PDF, PLAN_WORD, PLAN_VARIANT, PLAN_WRITTEN):
            list_documents(kind, rules.READ_PLAN)
        register_onward(onward_to_plans)
        register_account(
            Account(
                label="Annual financial statement",
                words="what is to be spent each year in implementing the plan",
                list_route="strategic_plans:statements",
                year_route="strategic_plans:statement",
            )
        )
        registry.register(
            registry.DocumentKind(
                code=statement_documents.STATEMENT_PDF,
                label="Annual financial statement",
                build=None,
                book=statement_documents.statement_book,
                may_download=statement_documents.may_download_statement,
                origin=statement_documents.statement_origin,
            )
        )
        list_documents(statement_documents.STATEMENT_PDF, rules.READ_PLAN)
        home.register_due(said.statement_due)
        home.register_state(10, said.state)
        home.register_line(10, said.line)
        home.register_due(said.arrangements_due)
        home.register_due(said.sections_due)
        home.register_due(said.checks_due)
        home.register_due(said.review_due)
        home.register_due(promised.actions_due)
        parts.register_part(10, said.locality_part)
        parts.register_part(15, promised.locality_actions)
