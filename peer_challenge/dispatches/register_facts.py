"""What renders each letter and report: merged into the registry of every kind."""

from collections.abc import Callable

from peer_challenge.dispatches import calendar_and_email, fix_it_copy, letters
from peer_challenge.dispatches.chair_papers import render_chair_briefing, render_chair_summary
from peer_challenge.dispatches.facts import Facts
from peer_challenge.dispatches.monday_brief import render_monday_brief
from peer_challenge.dispatches.presentation import render_presentation
from peer_challenge.dispatches.regional_overview import (
    render_regional_overview,
    render_regional_overview_anonymised,
)
from peer_challenge.dispatches.regional_tables import render_regional_tables
from peer_challenge.model.vocabulary import DispatchKind as D
from peer_challenge.word.write.render_template import WordTemplates

RENDERERS: dict[D, Callable[[Facts, WordTemplates], bytes]] = {
    **letters.RENDERERS,
    **calendar_and_email.RENDERERS,
    **fix_it_copy.RENDERERS,
    D.CHAIR_BRIEFING: render_chair_briefing,
    D.CHAIR_SUMMARY: render_chair_summary,
    D.PRESENTATION: render_presentation,
    D.REGIONAL_OVERVIEW: render_regional_overview,
    D.REGIONAL_OVERVIEW_ANONYMISED: render_regional_overview_anonymised,
    D.REGIONAL_TABLES: render_regional_tables,
    D.MONDAY_BRIEF: render_monday_brief,
}
