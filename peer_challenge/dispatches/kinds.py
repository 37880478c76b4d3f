"""Everything about each kind of dispatch: one table with a row for each kind.

To add a kind of document, add its word to DispatchKind, a row here, a function that gives the words
of its template, and a template of its name in templates/word. A step of a challenge sends it:
model/journey.py says which kinds go out when, and to whom. What comes back on a form is in that
form's row of word/form/forms.py.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from peer_challenge.dispatches import (
    briefings,
    calendar_dispatch,
    chair_papers,
    covering,
    data_sheet,
    draft_papers,
    evidence_lists,
    fix_it_copy,
    forms,
    letters,
    monday_brief,
    named_overview,
    presentation,
    progress_papers,
    published_overview,
    regional_tables,
)
from peer_challenge.dispatches.covering import Task
from peer_challenge.dispatches.facts import Facts
from peer_challenge.model.cycle import Receives
from peer_challenge.model.protective_marking import ORDER, find_highest_marking
from peer_challenge.model.vocabulary import DispatchKind as D
from peer_challenge.model.vocabulary import Role


class Need(StrEnum):
    """What a dispatch says beyond the people, the dates and the event of its challenge."""

    CONTENTS = "what areas and Chairs wrote"
    SUBMISSION = "the submission that it answers"
    REGION = "every area of the cycle at once"
    NOTES = "the office's own notes, which nobody else reads"
    REMINDER = "what is due, and from whom"
    REASONS = "why these two areas are partners"
    CHANGE = "what its dates were before, and what the office says of the change"
    COMMENT = "what the challenger said of a progress report"
    LAST_TIME = "what the area's own documents of an earlier cycle say"
    EVIDENCE = "a file that came with the self-assessment"
    FIGURES = "the area's figures beside the region's range"
    AGENDA = "how many challenges the time of the event is shared out by"
    ACTIONS = "the numbers of the actions whose day has come"


_WITHOUT_CONTENT = frozenset({Need.REGION, Need.REMINDER, Need.CHANGE, Need.AGENDA, Need.ACTIONS})
"""What can be said without an area's or Chair's words, ratings or figures, or the reasons for a pair."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRow:
    """All about one kind of dispatch.

    `needs` is what is gathered for it: what areas wrote is included only where CONTENTS is there.
    `readers` are the roles it is written for, the usual one first; several where its words differ.
    `counts_from` names the field of ChallengeDates from which dates count that begin with this
    dispatch, or with one sent beside it.

    `says` gives the words for its Word template. `finishes` makes the file from the filled
    template, where the filled template is not the file yet. `makes` makes the whole file of a kind
    without a template. `borrows` is the kind whose template it uses, where it has none of its own.
    `marks` gives the document properties by which we recognise a form. `ending` is the ending of its file,
    empty where each file has its own. `title` begins the title in its file's properties, the kind's own words
    where none is given: {document} in it is what it answers or reminds of, {review} the number of its review.

    `task` says what an email with it asks its reader to do. `file_label` is what its file's name says that
    one does with it, and what it is: "Fill in - Action plan"; "Read" and its kind where none is given.
    `is_letter`: an email says its words, so that the file need not be attached. `topic` is what an email
    with it is about: it goes to the contacts that receive that. `is_looked_at`: somebody of the office
    looks at the finished file before it goes, where the cycle says so. `is_anonymous`: it tells of the
    whole region without a name and without a word that anybody wrote, so that the office may give it to
    the areas as well.
    """

    needs: frozenset[Need] = frozenset()
    readers: tuple[Role, ...] = (Role.AUTHOR,)
    counts_from: str | None = None
    says: Callable[[Facts], Mapping[str, object]] | None = None
    finishes: Callable[[Facts, bytes], bytes] | None = None
    makes: Callable[[Facts], bytes] | None = None
    borrows: D | None = None
    marks: Callable[[Facts], dict[str, str]] | None = None
    title: str = ""
    ending: str = "docx"
    is_letter: bool = False
    topic: Receives = Receives.FORMS
    task: Callable[[Facts], Task] = covering.read_document
    file_label: str = ""
    is_looked_at: bool = False
    is_anonymous: bool = False

    @property
    def has_content(self) -> bool:
        """Whether it holds what areas or Chairs wrote, ratings, figures, notes, or tells who are partners."""
        return not self.needs <= _WITHOUT_CONTENT


_CONTENTS, _REGION = frozenset({Need.CONTENTS}), frozenset({Need.REGION})

KINDS: dict[D, KindRow] = {
    D.LAUNCH_LETTER: KindRow(
        file_label="Read - Launch letter",
        says=letters.build_launch_letter_words,
        task=covering.take_part,
        is_letter=True,
    ),
    D.SELF_ASSESSMENT_TEMPLATE: KindRow(
        title="Self-assessment form",
        file_label="Fill in - Self-assessment",
        needs=frozenset({Need.LAST_TIME}),
        says=forms.build_self_assessment_words,
        marks=forms.build_form_properties,
        task=covering.return_form,
    ),
    D.RECEIPT: KindRow(
        title="Receipt for the {document}",
        file_label="Keep - Receipt",
        needs=frozenset({Need.CONTENTS, Need.SUBMISSION}),
        says=letters.build_receipt_words,
        is_letter=True,
        task=covering.keep_receipt,
    ),
    D.QUERY_LETTER: KindRow(
        title="Points to correct in the {document}",
        file_label="Read - Points to correct",
        needs=frozenset({Need.SUBMISSION}),
        says=letters.build_query_letter_words,
        is_letter=True,
        task=covering.answer_questions,
    ),
    D.FIX_IT_COPY: KindRow(
        title="Marked copy of the {document}",
        file_label="Correct - Marked copy",
        needs=frozenset({Need.SUBMISSION}),
        makes=fix_it_copy.make_fix_it_copy,
        task=covering.answer_questions,
    ),
    D.PARTNER_NOTICE: KindRow(
        title="Who challenges whom",
        file_label="Read - Who challenges whom",
        needs=frozenset({Need.REASONS}),
        readers=(Role.AUTHOR, Role.CHALLENGER),
        says=letters.build_partner_notice_words,
        task=covering.note_partner,
        is_letter=True,
    ),
    D.ANALYSIS_PACK: KindRow(
        file_label="Fill in - Analysis pack",
        needs=_CONTENTS,
        readers=(Role.CHALLENGER,),
        counts_from="pack_issued_at",
        is_looked_at=True,
        says=forms.build_analysis_pack_words,
        task=covering.return_form,
        marks=forms.build_form_properties,
    ),
    D.EVIDENCE: KindRow(
        file_label="Read - Evidence",
        needs=frozenset({Need.EVIDENCE}),
        readers=(Role.CHALLENGER,),
        is_looked_at=True,
        makes=evidence_lists.give_evidence_file,
        task=covering.read_evidence,
        ending="",
    ),
    D.DATA_SHEET: KindRow(
        title="Figures",
        file_label="Read - Figures",
        needs=frozenset({Need.FIGURES}),
        readers=(Role.CHALLENGER, Role.AUTHOR, Role.CHAIR),
        says=data_sheet.build_data_sheet_words,
        finishes=data_sheet.insert_range_chart,
        task=covering.read_figures,
    ),
    D.RETURNED_ANALYSIS: KindRow(
        title="Peer analysis",
        file_label="Read - Peer analysis",
        needs=_CONTENTS,
        says=forms.build_returned_analysis_words,
        task=covering.read_analysis,
        marks=forms.build_form_properties,
    ),
    D.RESPONSE_FORM: KindRow(
        file_label="Fill in - Response",
        needs=_CONTENTS,
        says=forms.build_response_form_words,
        task=covering.return_form,
        marks=forms.build_form_properties,
    ),
    D.EVENT_INVITATION: KindRow(
        title="Invitation to the challenge event",
        file_label="Read - Invitation",
        needs=frozenset({Need.AGENDA}),
        readers=(Role.AUTHOR, Role.CHALLENGER, Role.CHAIR),
        says=letters.build_invitation_words,
        task=covering.come_to_event,
        is_letter=True,
        topic=Receives.EVENT,
    ),
    D.EVENT_CALENDAR: KindRow(
        file_label="Open - Calendar entry",
        readers=(Role.AUTHOR, Role.CHALLENGER, Role.CHAIR),
        makes=calendar_dispatch.make_calendar_entry,
        task=covering.come_to_event,
        ending="ics",
        topic=Receives.EVENT,
    ),
    D.EVENT_TIMETABLE: KindRow(
        title="Timetable of challenge events",
        file_label="Read - Timetable",
        needs=_REGION,
        readers=(Role.OFFICE,),
        says=letters.build_timetable_words,
        topic=Receives.EVENT,
    ),
    D.WITHDRAWAL_NOTICE: KindRow(
        file_label="Read - End of challenge",
        readers=(Role.AUTHOR, Role.CHALLENGER, Role.CHAIR),
        says=letters.withdrawal_notice,
        task=covering.note_withdrawal,
        is_letter=True,
        topic=Receives.EVENT,
    ),
    D.EVENT_CANCELLATION: KindRow(
        file_label="Open - Cancelled event",
        readers=(Role.AUTHOR, Role.CHALLENGER, Role.CHAIR),
        makes=calendar_dispatch.cancelled_entry,
        task=covering.cancel_event,
        ending="ics",
        topic=Receives.EVENT,
    ),
    D.DATES_NOTICE: KindRow(
        title="Notice of new dates",
        file_label="Read - New dates",
        needs=frozenset({Need.CHANGE}),
        readers=(Role.AUTHOR, Role.CHALLENGER, Role.CHAIR),
        says=letters.dates_notice,
        task=covering.note_new_dates,
        is_letter=True,
    ),
    D.CHALLENGER_BRIEFING: KindRow(
        title="Lead your challenge",
        file_label="Read - Lead your challenge",
        needs=_CONTENTS | {Need.AGENDA},
        readers=(Role.CHALLENGER,),
        says=briefings.build_challenger_briefing_words,
        task=covering.prepare_event,
        topic=Receives.EVENT,  # the conversation is led by those who have read the answers
    ),
    D.CHAIR_BRIEFING: KindRow(
        file_label="Read - Chair briefing",
        needs=_CONTENTS | {Need.AGENDA},
        readers=(Role.CHAIR,),
        says=briefings.build_chair_briefing_words,
        task=covering.prepare_event,
    ),
    D.CHAIR_RECORD_FORM: KindRow(
        file_label="Fill in - Chair record",
        needs=_CONTENTS,
        readers=(Role.CHAIR,),
        says=forms.build_chair_record_words,
        task=covering.return_form,
        marks=forms.build_form_properties,
    ),
    D.PRESENTATION: KindRow(
        title="Draft presentation",
        file_label="Check - Presentation",
        needs=_CONTENTS,
        makes=presentation.make_presentation,
        ending="pptx",
        task=covering.check_presentation,
    ),
    D.DRAFT_SUMMARY: KindRow(
        file_label="Check - Your draft summary",
        needs=_CONTENTS,
        counts_from="draft_issued_at",
        says=draft_papers.build_draft_summary_words,
        task=covering.correct_draft,
        marks=forms.build_form_properties,
    ),
    D.CHALLENGER_DRAFT_SUMMARY: KindRow(
        file_label="Check - Draft summary",
        needs=_CONTENTS,
        readers=(Role.CHALLENGER,),
        counts_from="challenger_draft_issued_at",
        says=draft_papers.build_draft_summary_words,
        borrows=D.DRAFT_SUMMARY,
        task=covering.correct_draft,
        marks=forms.build_form_properties,
    ),
    D.DRAFT_NOTICE: KindRow(
        title="Note about the draft summary",
        file_label="Read - Draft sent",
        readers=(Role.CHAIR,),
        counts_from="draft_issued_at",
        says=draft_papers.build_draft_notice_words,
        task=covering.note_draft,
        is_letter=True,
    ),
    D.CHAIR_SUMMARY: KindRow(
        file_label="Read - Chair summary",
        readers=(Role.AUTHOR, Role.CHALLENGER, Role.CHAIR),
        needs=_CONTENTS,
        counts_from="summary_issued_at",
        says=chair_papers.build_summary_words,
        task=covering.read_summary,
    ),
    D.ACTION_PLAN_TEMPLATE: KindRow(
        title="Action plan form",
        file_label="Fill in - Action plan",
        needs=_CONTENTS,
        counts_from="summary_issued_at",
        says=forms.build_action_plan_words,
        task=covering.return_form,
        marks=forms.build_form_properties,
    ),
    D.PROGRESS_REPORT_FORM: KindRow(
        title="Form for progress report {review}",
        file_label="Fill in - Progress report",
        needs=_CONTENTS,
        says=progress_papers.build_progress_report_words,
        task=covering.return_form,
        marks=forms.build_form_properties,
    ),
    D.PROGRESS_REPORT_COPY: KindRow(
        title="Progress report {review}",
        file_label="Read - Progress report",
        needs=_CONTENTS,
        readers=(Role.CHALLENGER,),
        says=progress_papers.build_progress_copy_words,
        task=covering.read_progress,
    ),
    D.PROGRESS_COMMENT: KindRow(
        title="Comment on progress report {review}",
        file_label="Read - Comment",
        needs=frozenset({Need.COMMENT}),
        says=progress_papers.build_progress_comment_words,
        task=covering.read_comment,
        is_letter=True,
    ),
    D.ACTION_REMINDER: KindRow(
        title="Reminder of actions",
        file_label="Read - Actions due",
        needs=frozenset({Need.ACTIONS}),
        says=progress_papers.build_action_reminder_words,
        task=covering.remember_actions,
        is_letter=True,
        topic=Receives.REMINDERS,
    ),
    D.FOLLOW_UP_ENDED: KindRow(
        file_label="Read - End of follow-up",
        says=progress_papers.build_follow_up_ended_words,
        task=covering.note_end_of_follow_up,
        is_letter=True,
    ),
    D.REMINDER: KindRow(
        title="Reminder about the {document}",
        file_label="Read - Reminder",
        needs=frozenset({Need.REMINDER}),
        says=letters.build_reminder_words,
        task=covering.remember_date,
        is_letter=True,
        topic=Receives.REMINDERS,
    ),
    D.REGIONAL_OVERVIEW: KindRow(
        file_label="Read - Regional overview",
        needs=_REGION | _CONTENTS,
        readers=(Role.OFFICE,),
        says=named_overview.build_named_overview_words,
        finishes=named_overview.insert_named_charts,
        task=covering.read_named_report,
    ),
    D.REGIONAL_OVERVIEW_ANONYMISED: KindRow(
        title="Regional overview without names",
        file_label="Read - Overview without names",
        needs=_REGION | _CONTENTS,
        readers=(Role.OFFICE,),
        says=published_overview.build_published_words,
        borrows=D.REGIONAL_OVERVIEW,
        finishes=published_overview.fit_tables,
        task=covering.read_overview,
        is_anonymous=True,
    ),
    D.REGIONAL_TABLES: KindRow(
        file_label="Use - Regional tables",
        needs=_REGION | _CONTENTS,
        readers=(Role.OFFICE,),
        makes=regional_tables.make_regional_tables,
        ending="xlsx",
        task=covering.read_named_report,
    ),
    D.MONDAY_BRIEF: KindRow(
        file_label="Read - Weekly brief",
        needs=_REGION | {Need.NOTES},
        readers=(Role.OFFICE,),
        says=monday_brief.build_monday_brief_words,
        task=covering.read_brief,
    ),
}
"""Every kind of dispatch, in the order of DispatchKind."""


def find_marking(kind: D, markings: Iterable[str | None]) -> str:
    """The marking of a dispatch: the highest of `markings`; OFFICIAL for a kind that holds no content."""
    return find_highest_marking(markings) if KINDS[kind].has_content else ORDER[0]


def template_of(kind: D) -> str | None:
    """The name of the Word template that a kind is made from, or None where it has no template.

    The office may have a template of its own under that name.
    """
    row = KINDS[kind]
    return (row.borrows or kind).value if row.says else None
