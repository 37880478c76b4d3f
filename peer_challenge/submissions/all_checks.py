"""The check suites of all six kinds. Every check, document and page about findings uses them."""

from peer_challenge.model.vocabulary import Kind
from peer_challenge.submissions import (
    action_plan,
    analysis,
    chair_record,
    progress_report,
    response,
    self_assessment,
)
from peer_challenge.submissions.check import Suite

SUITES: dict[Kind, Suite] = {
    module.SUITE.kind: module.SUITE
    for module in (self_assessment, analysis, response, chair_record, action_plan, progress_report)
}
