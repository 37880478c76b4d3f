"""What the areas of a fictional region wrote and were asked: words for previews, the gallery and tests."""

AREAS: tuple[tuple[str, str, str, str], ...] = (
    ("ashcombe", "Ashcombe", "Southern Dales Police", "Southern Dales ICB"),
    ("brackenford", "Brackenford", "Southern Dales Police", "Southern Dales ICB"),
    ("carrowdale", "Carrowdale", "Southern Dales Police", "Southern Dales ICB"),
    ("dunmere", "Dunmere", "Southern Dales Police", "Southern Dales ICB"),
    ("eastholme", "Eastholme", "Western Dales Police", "Western Dales ICB"),
    ("fallowby", "Fallowby", "Western Dales Police", "Western Dales ICB"),
    ("glenwick", "Glenwick", "Western Dales Police", "Western Dales ICB"),
    ("hallowmere", "Hallowmere", "Western Dales Police", "Western Dales ICB"),
    ("inglestone", "Inglestone", "Western Dales Police", "Western Dales ICB"),
    ("kestrel-riding", "Kestrel Riding", "Estuary Police", "Estuary and Wolds ICB"),
    ("kingsmouth-city", "Kingsmouth, City of", "Estuary Police", "Estuary and Wolds ICB"),
    ("north-east-marshire", "North East Marshire", "Estuary Police", "Estuary and Wolds ICB"),
    ("north-marshire", "North Marshire", "Estuary Police", "Estuary and Wolds ICB"),
    ("north-wolds", "North Wolds", "Wolds Police", "Coast and Fells ICB"),
    ("wolds-city", "Wolds, City of", "Wolds Police", "Estuary and Wolds ICB"),
)
"""Id, name, police force and integrated care board."""

HARD = {
    "youth-custody": 46,
    "information-requests": 42,
    "training-impact": 44,
    "section-11": 34,
    "wider-community": 34,
    "contributions": 38,
    "family-voice": 30,
    "data-intelligence": 28,
}
"""Sub-headings that more of the region finds difficult: chance in a hundred of RED."""

STRENGTHS = (
    "The executive receives a short report on this each quarter and the minutes show what was decided. "
    "An audit in the autumn found the arrangement followed in 42 of 48 cases.",
    "Leads from the three partners meet every month. Practitioners told the scrutineer that they know "
    "whom to ask, and nine in ten of those surveyed had used the guidance in the last year.",
    "A joint protocol was agreed in June and is used in all localities. The first review, in November, "
    "showed quicker decisions and fewer repeat contacts.",
    "Briefings reached 310 staff from 27 agencies. Managers sample records each month and share what "
    "they find with the other partners.",
)
DEVELOPMENTS = (
    "Keep the arrangement under review and report to the executive in the summer.",
    "Bring smaller agencies into the arrangement and test whether they use it.",
    "Agree a small set of measures that would show the difference made for children.",
    "Write down what has been agreed, with a named lead in each agency.",
)

AUTHOR_ROWS: dict[str, tuple[str, str, str]] = {
    "leadership/equal-duty": (
        "GREEN",
        "Chairing of the executive rotates each year between the three partners, and each has led a "
        "priority to completion. The scrutineer observed four meetings and found challenge to be even.",
        "Carry the same balance into the working groups, two of which are still led by one agency.",
    ),
    "education-settings/youth-custody": (
        "RED",
        "A protocol with the nearest secure setting was drafted with the youth justice service.",
        "The protocol is not signed. We do not hear of every child placed away, and have no agreed way "
        "of checking on their safety once they are there.",
    ),
    "information-data/information-requests": (
        "RED",
        "Requests are answered by the business unit, usually within ten working days.",
        "There is no log that all partners share, so late replies and refusals are not seen as a whole.",
    ),
    "workforce-learning/training-impact": (
        "RED",
        "Attendance is good: 640 places were taken up last year across the three partners.",
        "We ask whether people enjoyed the course and not what they did differently afterwards.",
    ),
    "voice/family-voice": (
        "AMBER",
        "Two groups of parents have advised on the early help offer.",
        "Fathers and families who have had statutory help are seldom heard. Work is at an early stage.",
    ),
    "information-data/data-intelligence": (
        "AMBER",
        "A multi-agency dataset goes to the executive each quarter.",
        "It describes activity. Partners have not yet said what they did differently because of it.",
    ),
    "scrutiny-assurance/multi-agency-audit": (
        "GREEN",
        "Six audits a year, each with a report to the executive and a check after six months that what was "
        "agreed was done. The last report: http://intranet/audit-reports.",
        "Bring schools into the audits: none has taken part yet.",
    ),
}
"""What the sample author wrote under its key sub-headings: rating, strengths, areas for development."""

NOT_CHOSEN = "Choose a rating"
"""What stands in the cell of a rating until somebody chooses one."""

SECOND_VERSION: dict[tuple[str, str], str] = {
    ("leadership/equal-duty", "development"): "",
    ("education-settings/youth-custody", "development"): "The protocol is not signed.",
}
"""What stood in some cells of the second version, before the sample author sent a third."""

SIGN_OFF: dict[str, str] = {
    "took_part_local_authority": "Director of children's services; head of safeguarding",
    "signed_off_local_authority": "Director of children's services",
    "signed_on_local_authority": "18 February 2027",
    "took_part_icb": "Chief nurse; designated doctor",
    "signed_off_icb": "Chief nurse",
    "signed_on_icb": "18 February 2027",
    "took_part_police": "District commander",
    "signed_off_police": "District commander",
    "signed_on_police": "23 February 2027",
}
"""Who signed the sample author's self-assessment off."""

CHAIR_RECORD: dict[str, str] = {
    "held_on": "13 May 2027",
    "chair": "Independent Chair one",
    "author_present": "Director of children's services; chief nurse; district commander",
    "challenger_present": "Partnership manager; head of safeguarding; detective chief inspector",
    "consensus": "Yes",
    "signed_off": "Independent Chair one",
    "signed_on": "19 May 2027",
}
"""The particulars of the sample Chair's record."""

COMMENTARY: dict[str, str] = {
    "leadership/equal-duty": (
        "This reads as a real strength, and well evidenced. How will it be kept when the working "
        "groups change their leads?"
    ),
    "education-settings/youth-custody": (
        "What stands in the way of signing the protocol, and who can remove it? How would you know "
        "today that a child placed away is safe?"
    ),
    "information-data/information-requests": (
        "Who would need to agree to a shared log, and has anyone asked them? What do the late "
        "replies that you know of have in common?"
    ),
    "workforce-learning/training-impact": (
        "Which one course matters most to practice, and what would you expect to see in records "
        "three months after it?"
    ),
    "voice/family-voice": (
        "Your narrative names the families you do not hear from and no plan to reach them. What is "
        "the first step, and by when?"
    ),
    "information-data/data-intelligence": ("Could you give one decision that the data changed?"),
}
"""What the sample challenger asked."""

RESPONSES: dict[str, tuple[str, str]] = {
    "education-settings/youth-custody": (
        "update",
        "The protocol was signed on 19 April. The first monthly check on children placed away "
        "takes place in June.",
    ),
    "information-data/information-requests": (
        "acknowledgement",
        "We agree. A shared log has not been discussed by the executive, and will be in its next meeting.",
    ),
    "voice/family-voice": (
        "further evidence",
        "The fathers' group of the early help service has met twice since January; its "
        "notes are attached to the executive's March papers.",
    ),
}
"""What the sample author answered; the other questions are still open."""

AGREED: tuple[tuple[str, str, str], ...] = (
    (
        "strength",
        "leadership/equal-duty",
        "The three partners lead as equals, and the scrutineer's observations bear it out.",
    ),
    (
        "strength",
        "scrutiny-assurance/scrutiny-impact",
        "Findings of scrutiny are tracked to the point where a difference for children can be shown.",
    ),
    (
        "strength",
        "thresholds-response/identify-respond",
        "The front door is joint in practice as well as in name, with health and police in the room.",
    ),
    (
        "development",
        "education-settings/youth-custody",
        "Know of every child in custody or placed away, and check on their safety each month.",
    ),
    (
        "development",
        "information-data/information-requests",
        "Keep one log of formal requests for information that all three partners can see.",
    ),
    (
        "development",
        "workforce-learning/training-impact",
        "Measure what training changes in practice, beginning with the neglect course.",
    ),
)
"""What the sample Chair recorded as agreed: kind, sub-heading, text."""

ACTIONS: tuple[tuple[object, ...], ...] = (
    (
        1,
        "development/1",
        "Know of every child in custody or placed away, and check on their safety each month.",
        "Keep one list of every child in custody or placed away, and go through it each month.",
        "Head of youth justice",
        "2027-07-30",
        "30 July 2027",
        "Every child on the list has been seen in the last month.",
    ),
    (
        2,
        "development/2",
        "Keep one log of formal requests for information that all three partners can see.",
        "Set up a shared log of requests.",
        "Partnership manager",
        "2027-09-30",
        "30 September 2027",
        "Requests are answered within ten working days.",
    ),
    (
        3,
        "development/2/2",
        "",
        "Train those who answer requests.",
        "Designated nurse",
        "2027-07-30",
        "30 July 2027",
        "Fewer requests come back with questions.",
    ),
    (
        4,
        "development/3",
        "Measure what training changes in practice, beginning with the neglect course.",
        "Ask managers what staff do differently three months after the neglect course.",
        "Learning and development lead",
        "2027-11-30",
        "30 November 2027",
        "Managers can name what has changed.",
    ),
)
"""The sample area's action plan."""

PROGRESS_COLUMNS = ("status", "status_as_written", "evidence", "difference")
PROGRESS: dict[str, tuple[str, str, str, str]] = {
    "development/1": (
        "done",
        "Done",
        "The list has been gone through in June, July and August; the notes say who was seen and when.",
        "Two children who had not been seen for seven weeks were visited within days of the first meeting.",
    ),
    "development/2": (
        "under way",
        "Under way",
        "The log is used by council and police; health joins in October, when its system can be opened.",
        "It is too early to know. We shall know in December, when we count again.",
    ),
    "development/2/2": (
        "changed",
        "Changed",
        "A one-page guide takes the place of the training, because the same few people answer most requests.",
        "",
    ),
    "development/3": (
        "under way",
        "Under way",
        "Questions for managers are agreed; the first course with them is in October.",
        "",
    ),
}
"""What its first progress report says of each action."""

PROGRESS_COMMENT = (
    "It is good to see that the list led to visits within days.\n"
    "Could the guide say who answers when the usual person is away?"
)
"""What the challenger says of that report."""

QUESTIONS = (
    "What stands in the way, and who can remove it?",
    "How would you know that this had improved for children? What would you look at first?",
    "Which partner is best placed to lead this, and has it been asked?",
)
"""What other challengers asked of what was rated RED."""

COMMON: dict[str, tuple[str, ...]] = {
    "workforce-learning/training-impact": (
        "Ask managers what staff do differently three months after a course.",
        "Link the training plan to what audits find, and report on both together.",
        "Choose two courses and follow what they change in records.",
    ),
    "information-data/information-requests": (
        "Agree one log of formal requests and review late replies each quarter.",
        "Name a lead for requests in each of the three partners.",
    ),
    "education-settings/youth-custody": (
        "Hold a list of children in custody that health and police see as well.",
        "Visit each secure setting used in the last two years.",
    ),
}
"""What other events agreed as areas for development."""

STRENGTH_VARIANTS = (
    ("voice/child-voice", "Young people take part in interviewing senior staff and in setting priorities."),
    ("scrutiny-assurance/multi-agency-audit", "Audit leads to change that the next audit can find."),
    ("leadership/vision-priorities", "Priorities are few, shared and known to practitioners."),
)
