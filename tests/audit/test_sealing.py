import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from foundation import audit
from foundation.audit import sealing, tasks
from foundation.audit.models import Entry, Seal, SealedEntry
from foundation.audit.sealing import seal_entries
from foundation.audit.selectors import verify_chain

pytestmark = pytest.mark.django_db


def record(count: int = 1, **changes) -> list[Entry]:
    return [
        audit.record(
            by=audit.SYSTEM,
            action="plans.changed",
            subject=f"Section {n}",
            after={"£": "1.50", "n": n},
            **changes,
        )
        for n in range(count)
    ]


def tamper(statement: str, table: str) -> None:
    """What only somebody with the owner's rights and ill will can do: lift the protection and rewrite."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_append_only")


@pytest.fixture
def three_seals() -> list[Seal]:
    for _ in range(3):
        record(2)
        seal_entries()
    return list(Seal.objects.order_by("number"))


# Sealing


def test_each_entry_is_sealed_once_and_in_order():
    entries = record(3)
    assert seal_entries() == 3
    assert seal_entries() == 0
    seal = Seal.objects.get()
    assert (seal.number, seal.entries_count, seal.previous_digest) == (1, 3, "")
    assert list(seal.members.values_list("entry_id", flat=True)) == [entry.pk for entry in entries]


def test_seals_follow_from_each_other(three_seals):
    first, second, third = three_seals
    assert [seal.number for seal in three_seals] == [1, 2, 3]
    assert (second.previous_digest, third.previous_digest) == (first.digest, second.digest)


def test_many_entries_make_several_seals(monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 2)
    record(5)
    assert seal_entries() == 5
    assert list(Seal.objects.values_list("entries_count", flat=True)) == [2, 2, 1]
    assert verify_chain().is_whole


def test_an_entry_that_was_committed_late_comes_into_the_next_seal():
    """A lower number than those sealed already: numbers are given at the insert, not at the commit."""
    late, early = record(2)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('audit_entry', 'id'))")
    tamper(f"DELETE FROM audit_entry WHERE id = {late.pk}", "audit_entry")  # not visible yet
    seal_entries()
    late.save(force_insert=True)
    seal_entries()
    assert list(SealedEntry.objects.order_by("seal_id").values_list("entry_id", flat=True)) == [
        early.pk,
        late.pk,
    ]
    assert verify_chain().is_whole


def test_a_very_late_entry_is_found_by_a_run_over_everything(capsys):
    record()
    seal_entries()
    Entry.objects.create(
        at=timezone.now() - timedelta(days=3), actor_name="Olive", action="plans.changed", subject_label="x"
    )
    assert seal_entries() == 0
    call_command("seal_audit")
    assert "1 entries sealed" in capsys.readouterr().out


def test_the_task_seals():
    record()
    tasks.seal_entries.apply()
    assert Seal.objects.count() == 1


# Verification


def test_a_whole_chain_is_said_to_be_whole(three_seals):
    report = verify_chain()
    assert report.is_whole
    assert (report.seals, report.entries, report.unsealed) == (3, 6, 0)
    assert (report.last_number, report.last_digest) == (3, three_seals[2].digest)


def test_an_empty_record_is_whole():
    assert verify_chain().is_whole


def test_values_survive_the_database_as_they_were_digested():
    audit.record(
        by=audit.SYSTEM,
        action="plans.changed",
        subject="Ceann-suidhe ✓ 😀",
        before={
            "big": 10**20,
            "float": 1e16,
            "small": 1.50,
            "nested": {"z": [1, {"b": None}], "a": "\u2028"},
        },
    )
    seal_entries()
    assert verify_chain().is_whole


@pytest.mark.parametrize(
    "change",
    [
        "reason = 'forged'",
        "actor_name = 'Somebody else'",
        "at = at + interval '1 microsecond'",
        """after = '{"£": "1.51", "n": 0}'""",
        "before = '{}'",
        "tenant = 'moray'",
        "request_id = 'x'",
        "subject_label = 'Section 9'",
        "actor_id = 7",
        "action = 'plans.approved'",
    ],
)
def test_a_changed_entry_is_named(three_seals, change):
    entry = three_seals[1].members.first().entry
    tamper(f"UPDATE audit_entry SET {change} WHERE id = {entry.pk}", "audit_entry")
    report = verify_chain()
    assert [fault.split(" of ")[0] for fault in report.faults] == [f"Entry {entry.pk}"]
    assert "was changed after it was sealed in seal 2" in report.faults[0]


def test_a_changed_entry_with_its_digest_made_again_breaks_the_seal(three_seals):
    from foundation.audit import chain

    member = three_seals[0].members.first()
    tamper(f"UPDATE audit_entry SET reason = 'forged' WHERE id = {member.entry_id}", "audit_entry")
    digest = chain.entry_digest(Entry.objects.values_list(*chain.FIELDS).get(pk=member.entry_id))
    tamper(
        f"UPDATE audit_sealedentry SET digest = '{digest}' WHERE id = {member.pk}",
        "audit_sealedentry",
    )
    assert verify_chain().faults == ["Seal 1 does not match its entries: it or they were changed."]


def test_a_missing_entry_is_named_by_its_seal(three_seals):
    member = three_seals[1].members.first()
    tamper(f"DELETE FROM audit_sealedentry WHERE id = {member.pk}", "audit_sealedentry")
    tamper(f"DELETE FROM audit_entry WHERE id = {member.entry_id}", "audit_entry")
    faults = verify_chain().faults
    assert "Seal 2 held 2 entries and now holds 1: some are missing." in faults


def test_a_seal_emptied_of_all_entries_is_named(three_seals):
    tamper("DELETE FROM audit_sealedentry WHERE seal_id = 2", "audit_sealedentry")
    assert "Seal 2 held 2 entries and now holds 0: some are missing." in verify_chain().faults


def test_a_missing_seal_is_named(three_seals):
    tamper("DELETE FROM audit_sealedentry WHERE seal_id = 2", "audit_sealedentry")
    tamper("DELETE FROM audit_seal WHERE number = 2", "audit_seal")
    assert "Seal 2 is missing." in verify_chain().faults


def test_a_broken_link_is_named(three_seals):
    tamper(f"UPDATE audit_seal SET previous_digest = '{'0' * 64}' WHERE number = 3", "audit_seal")
    assert "The chain is broken: seal 3 does not follow from seal 2." in verify_chain().faults


def test_a_chain_that_was_cut_or_rewritten_is_found_with_a_digest_kept_elsewhere(three_seals):
    kept = {3: three_seals[2].digest}
    assert verify_chain(known=kept).is_whole
    tamper("DELETE FROM audit_sealedentry WHERE seal_id = 3", "audit_sealedentry")
    tamper("DELETE FROM audit_seal WHERE number = 3", "audit_seal")
    assert verify_chain().is_whole  # by itself the rest fits
    assert verify_chain(known=kept).faults == [
        "Seal 3 is not the one that was kept elsewhere: the chain was rewritten."
    ]


def test_a_later_walk_trusts_what_was_proved(three_seals):
    entry = three_seals[0].members.first().entry
    tamper(f"UPDATE audit_entry SET reason = 'forged' WHERE id = {entry.pk}", "audit_entry")
    report = verify_chain(after=1)
    assert (report.seals, report.is_whole) == (2, True)
    assert verify_chain(after=9).faults == ["Seal 9 is missing."]


def test_a_page_may_look_at_the_latest_seals_only(three_seals):
    report = verify_chain(latest=2)
    assert (report.first_number, report.seals, report.last_number) == (2, 2, 3)
    assert verify_chain(latest=50).seals == 3


def test_a_digest_covers_every_column_of_an_entry():
    from foundation.audit import chain

    assert {field.attname for field in Entry._meta.concrete_fields} == set(chain.FIELDS)


def test_a_sealer_that_does_not_run_is_noticed():
    record()
    assert verify_chain().is_whole
    Entry.objects.create(
        at=timezone.now() - timedelta(minutes=11),
        actor_name="Olive",
        action="plans.changed",
        subject_label="x",
    )
    (fault,) = verify_chain().faults
    assert fault.startswith("2 entries wait to be sealed since")


def test_memory_and_queries_do_not_grow_with_the_chain(three_seals, django_assert_num_queries):
    with django_assert_num_queries(5):
        verify_chain()
    record()
    seal_entries()
    with django_assert_num_queries(5):
        verify_chain()


def test_the_command_says_it_in_words_and_by_its_status(three_seals, capsys):
    call_command("verify_audit")
    out = capsys.readouterr().out
    assert "6 entries in 3 seals checked" in out
    assert f"3:{three_seals[2].digest}" in out
    call_command("verify_audit", known=[f"2:{three_seals[1].digest}"])

    tamper("UPDATE audit_entry SET reason = 'forged'", "audit_entry")
    with pytest.raises(CommandError) as refusal:
        call_command("verify_audit")
    assert refusal.value.returncode == 1
    assert capsys.readouterr().err.count("was changed after it was sealed") == 6
    with pytest.raises(CommandError, match="NUMBER:DIGEST"):
        call_command("verify_audit", known=["abc"])


def test_the_digest_is_computed_over_canonical_json(three_seals):
    """Written out once more by other means: a change of the arithmetic would break every chain in the field."""
    import hashlib

    seal = three_seals[1]
    members = list(seal.members.select_related("entry"))
    entry = members[0].entry
    said = {
        "action": entry.action,
        "actor_id": None,
        "actor_name": "The portal",
        "after": {"n": 0, "£": "1.50"},
        "at": entry.at.strftime("%Y-%m-%dT%H:%M:%S.%f+00:00"),
        "before": None,
        "id": entry.pk,
        "reason": "",
        "request_id": "",
        "subject_id": "",
        "subject_label": "Section 0",
        "subject_type": "",
        "tenant": "",
    }
    assert members[0].digest == hashlib.sha256(json.dumps(said, separators=(",", ":")).encode()).hexdigest()
    link = {
        "entries": [member.digest for member in members],
        "number": 2,
        "previous": three_seals[0].digest,
        "sealed_at": seal.sealed_at.strftime("%Y-%m-%dT%H:%M:%S.%f+00:00"),
    }
    assert seal.digest == hashlib.sha256(json.dumps(link, separators=(",", ":")).encode()).hexdigest()
