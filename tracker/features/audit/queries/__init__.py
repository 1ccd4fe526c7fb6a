"""Reading the audit log: records in scope, and the chain that they form."""

from tracker.features.audit.queries.chain import (
    ChainFacts,
    Checked,
    can_prune_to,
    chain_facts,
    check_chain,
)
from tracker.features.audit.queries.records import (
    Asked,
    Found,
    RecordRow,
    find_records,
    find_unit,
    usernames_like,
)

__all__ = [
    "Asked",
    "ChainFacts",
    "Checked",
    "Found",
    "RecordRow",
    "can_prune_to",
    "chain_facts",
    "check_chain",
    "find_records",
    "find_unit",
    "usernames_like",
]
