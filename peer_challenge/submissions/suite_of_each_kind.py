"""The check suites of all kinds. Every check, document and page about findings uses them."""

from peer_challenge.model.vocabulary import Kind
from peer_challenge.submissions import (
    action_plan,
    chair_record,
    corrected_draft,
    peer_analysis,
    progress_report,
    response_to_challenge,
    self_assessment,
)
from peer_challenge.submissions.check_suite import Suite

SUITES: dict[Kind, Suite] = {
    suite.kind: suite
    for suite in (
        self_assessment.SUITE,
        peer_analysis.SUITE,
        response_to_challenge.SUITE,
        chair_record.SUITE,
        *corrected_draft.SUITES,
        action_plan.SUITE,
        progress_report.SUITE,
    )
}
