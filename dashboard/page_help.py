"""Help with each page of the office, in its place: what it is for, and what to do there first."""

from collections.abc import Mapping

HELP: Mapping[str, tuple[str, ...]] = {
    "/": (
        "Begin with what waits for you: each line leads to the page where it is done.",
        "The figures and the strip below choose which areas are listed. Choose an area to see all about it.",
    ),
    "/messages": (
        "Each row is one email to one recipient, with all its documents.",
        "Open a message to read it, or tick several. What you mark as sent counts as sent from that moment.",
    ),
    "/inbox": (
        "Drop forms here, or whole emails with forms in them. Each is read within a minute or two.",
        "A document that is held waits until you say whose it is. Nothing goes out before that.",
    ),
    "/cycle": (
        "Change contacts, Chairs, dates and rules while the cycle runs.",
        "You see what follows before anything is changed, and every change can be undone.",
    ),
    "/partners": (
        "Propose who challenges whom, try changes, then approve. Packs go out only after you approve.",
        "Each pair says why it was chosen. A change shows what it costs before you make it.",
    ),
    "/calendar": (
        "Each line is a challenge with its dates and its event. A ring marks events that clash.",
        "The .ics link puts all of it into your own calendar.",
    ),
    "/picture": (
        "All ratings by area and sub-heading, as the self-assessments say now.",
        "To give it to others, go to Reports.",
    ),
    "/reports": (
        "Download the overview of the region as it is now, send it to the office, or give it to the areas.",
        "Nothing is sent when you download.",
    ),
    "/journal": (
        "Everything that happened, with who did it and why. Nobody can change an entry.",
        "For a summary in words, see what happened lately, from the board.",
    ),
    "/people": (
        "Who can sign in, and as what. Invite the contacts and Chairs of a cycle all at once.",
        "Remove the access of somebody who leaves. What they sent in stays.",
    ),
    "/system": (
        "Whether everything runs. Where something is wrong, it says what to do.",
        "Backups, retention and the settings of mail are reached from here.",
    ),
    "/drafts": (
        "Prepare a cycle part by part. Several of you can work on it, and stop at any time.",
        "Nothing is sent before you open it.",
    ),
    "/since": ("What happened since you were last here, in words. The journal has every detail.",),
    "/search": (
        "Looks in areas, documents, what areas wrote, and the journal. What you look for is not kept.",
    ),
    "/several/{cycle_id}": (
        "Writes one note on every area that you ticked, or downloads their documents in one ZIP file.",
    ),
    "/remind/{cycle_id}": (
        "Untick whom you do not mean. Each gets one reminder of what is waited for, at most one a day.",
        "Only what was sent to somebody can be asked for again.",
    ),
    "/paper": (
        "For what came on paper: type it into the Word form, and upload that. Say when and how it came.",
    ),
    "/find-person": ("Finds all that is held about a person, for a request to see or to erase it.",),
    "/password": (
        "Give your present password, then a new one of at least 12 characters. A few words do well.",
    ),
    "/mine": ("What an area or a Chair sees first here: what is due from them, and what is theirs.",),
    "/statements/{which}/edit": (
        "Everybody can read this text. Put your own words and your own contact into it.",
    ),
    "/challenges/{cycle_id}/{author_id}": (
        "All about one area: its challenge, dates, documents, notes, and whom to ring.",
        "The golden thread shows each sub-heading from the area's own words to the action on it.",
    ),
    "/challenges/{cycle_id}/{author_id}/versions/{submission_id}": (
        "A version of a document as it was read, and what changed since the one before.",
    ),
    "/challenges/{cycle_id}/{author_id}/notes": (
        "Notes are for your office alone. With a day, the board and the weekly brief remind you of it.",
    ),
    "/challenges/{cycle_id}/{author_id}/remind": (
        "Sends a reminder of what this challenge waits for. Those that follow the rules go out all the same.",
    ),
    "/challenges/{cycle_id}/{author_id}/close": (
        "Ends this challenge before its last report. It can be reopened.",
    ),
    "/challenges/{cycle_id}/{author_id}/reopen": ("Lets a closed challenge go on where it was.",),
    "/challenges/{cycle_id}/{author_id}/bring-back": (
        "Lets an area that has left take part again, from where it was. You see what follows first.",
    ),
    "/challenges/{cycle_id}/{author_id}/dates": (
        "Extends one date of this area, or pauses the clock. You see what moves first.",
        "Those who know of these dates get a letter with the new ones.",
    ),
    "/challenges/{cycle_id}/{author_id}/dates/{number}": (
        "Takes an extension or a pause back. You see which dates move before you confirm it.",
    ),
    "/challenges/{cycle_id}/{author_id}/withdraw": (
        "Takes the area out of the cycle. We tell its challenger and Chair, and look for other partners.",
    ),
    "/challenges/{cycle_id}/{author_id}/reports/{submission_id}": (
        "What the area says of its actions. A comment goes to it in a letter.",
    ),
    "/challenges/{cycle_id}/{author_id}/people": ("Who is expected at the event, and who came.",),
    "/challenges/{cycle_id}/{author_id}/corrections": (
        "Decide on each correction. The Chair can do it too. The final summary goes when all are decided.",
        "Your reason stays with you. What you write for the area goes to it with the final summary.",
    ),
    "/challenges/{cycle_id}/{author_id}/event": (
        "Move the event, change its place, or give it to another Chair. Everybody concerned is told.",
        "If it did not take place on its day, give it another here, until the Chair’s record has come.",
    ),
    "/cycles/{cycle_id}/close": ("Ends the cycle for every area. Documents and pages stay.",),
    "/cycles/{cycle_id}/undo-opening": (
        "Brings a cycle that was opened too early back into preparation, until something was sent or came.",
        "What was made is removed from the outbox. You see first what follows.",
    ),
    "/cycles/{cycle_id}/reopen": (
        "Lets a cycle go on with the challenges that were closed with it. You see what follows first.",
    ),
    "/cycle/{cycle_id}/{part}/{whose}": (
        "Change what is typed here. The next page shows what follows, and asks you to confirm it.",
    ),
    "/cycle/{cycle_id}/dates": (
        "Extends one date for all areas, or for those that you ticked, or pauses the clock.",
        "You see what moves before anything is changed.",
    ),
    "/cycle/{cycle_id}/dates/{number}/back": (
        "Takes an extension or a pause of several areas back, in all of them. You see first what moves.",
    ),
    "/cycle/{cycle_id}/events": (
        "Moves several events at once, and two may change places. You see what moves before you confirm.",
    ),
    "/cycle/{cycle_id}/timetable": (
        "The events that are proposed. Change one by hand, then agree them.",
        "Nobody is told before you agree, and of a day agreed ahead not until its analysis is in.",
    ),
    "/cycle/{cycle_id}/figures": (
        "Give a table of figures by area. Each area's sheet goes into its pack and the Chair's paper.",
    ),
    "/held/{submission_id}": (
        "Somebody sent this, and it is not sure whose it is or what. Say it, or refuse it.",
        "Until then nothing is passed on and nobody is answered.",
    ),
    "/held/{submission_id}/undo": (
        "Takes back what you said of a document. It is held again, and what has not gone out does not go.",
    ),
    "/accept/{submission_id}": (
        "Takes a document as it is, in spite of our questions. Decide on each, and say why.",
    ),
    "/accept/{submission_id}/undo": (
        "Takes back what you accepted last. You see what follows before anything is changed.",
    ),
    "/came/{submission_id}": (
        "Corrects the day on which a document counts as received. Dates that follow move.",
    ),
    "/evidence/{file_id}": ("A file that came with a form. Say whether it goes to the challenger.",),
    "/looks/{dispatch_id}": (
        "A document that waits for somebody of your office to look at it before it goes.",
        "Look for names and anything else that could identify a child.",
    ),
    "/retention/{cycle_id}/months": (
        "Keeps one cycle longer or shorter than the others. You see what is destroyed, and when, before.",
    ),
    "/messages/{message_id}": (
        "Read it, change its covering words, or take its documents to your own mail program.",
        "Mark it as sent when you have sent it: what counts from its sending begins then.",
    ),
    "/messages/{message_id}/not-sent": (
        "For a message that was marked as sent by mistake. You see what follows before anything is changed.",
        "A message that the mail server sent, or that its recipient has opened, has really gone.",
    ),
    "/people/{user_id}": (
        "Change what this person is called, where their emails go, or what they may see.",
        "Remove the access of somebody who leaves. What they sent in stays.",
    ),
    "/people/invite": ("Invites contacts and Chairs, each with a link of their own that works once.",),
    "/drafts/{draft_id}": (
        "The list says what is done and what is missing. Go through it in any order.",
        "“As usual” needs nothing from you. Check everything before you open the cycle.",
    ),
    "/drafts/{draft_id}/framework": ("The form's areas of focus and sub-headings. You can bring your own.",),
    "/drafts/{draft_id}/dates": ("Two days set all others. The timeline shows what follows from them.",),
    "/drafts/{draft_id}/areas": ("The areas that take part. Bring a list from Excel, or type them.",),
    "/drafts/{draft_id}/areas/table": (
        "Upload the list that you have. What is not understood is shown with its cell, to correct it here.",
        "A further row without an area's name adds another contact to the area above.",
    ),
    "/drafts/{draft_id}/areas/{number}": ("Who to write to, and what matters when areas are paired.",),
    "/drafts/{draft_id}/chairs": ("Independent Chairs, and when they can. One is enough to begin with.",),
    "/drafts/{draft_id}/chairs/{number}": ("Name and address of the Chair, and the days that suit.",),
    "/drafts/{draft_id}/rules": ("How long each step takes. What is set has served other regions well.",),
    "/drafts/{draft_id}/partners": ("Whom nobody may challenge, and pairs that you set yourselves.",),
    "/drafts/{draft_id}/sending": ("Your office's name, address and telephone number, and who gets what.",),
    "/drafts/{draft_id}/check": (
        "Everything that is missing or worth a second look, each with a link to its place.",
    ),
    "/drafts/{draft_id}/preview/{kind}": ("How this document will look for one area.",),
    "/drafts/{draft_id}/open": ("Opens the cycle. Forms and letters for every area are made at once.",),
    "/frameworks": (
        "The frameworks that a form can follow: those that come with the program, and your own.",
    ),
    "/frameworks/{framework_id}/delete": ("Deletes a framework of your own that no cycle uses.",),
    "/framework-drafts/{draft_id}": (
        "What is left to do before a cycle can use this framework, and the ways to each part of it.",
    ),
    "/framework-drafts/{draft_id}/file": (
        "What we understood of your file. Say what a column is where we got it wrong.",
    ),
    "/framework-drafts/{draft_id}/words": ("The title of the framework, and the words of its form.",),
    "/framework-drafts/{draft_id}/origins": ("Which sub-heading of the last framework each one comes from.",),
    "/framework-drafts/{draft_id}/areas/{area_id}": ("An area of focus, and its sub-headings in order.",),
    "/framework-drafts/{draft_id}/areas/{area_id}/rows/{row_id}": (
        "A sub-heading: what the form asks, what it may cover, and what each rating means.",
    ),
    "/house-style": ("Logo, colours and fonts of all that goes out. Try a look before you use it.",),
    "/house-style/{style_id}": ("How documents look in this style.",),
    "/backups": ("Make a backup and download it. Keep it on another machine, and the key in another place.",),
    "/restore": (
        "Restores a backup here while nothing has been opened. After that it refuses.",
        "The backup is checked first, and you see what is in it and what follows.",
    ),
    "/retention": ("How long a cycle is kept, and what is deleted then.",),
    "/rehearsal": ("A cycle of invented areas to look at. Nothing of it touches your own.",),
    "/settings": (
        "What each setting means, and what sets it. You change signing in and keeping here.",
        "Mail, the sign-in service and folders have pages of their own, to which this one leads.",
    ),
    "/settings/start": (
        "Try what you type first. What is saved is used from the next start of the service.",
    ),
    "/templates": (
        "Every document that goes out. Take one, change its look or words in Word, and give it back.",
    ),
    "/templates/{template}": ("Upload your own, look at it with sample words, then use it or take it back.",),
    "/templates/{template}/fields": ("The fields that a template can have, and what each holds.",),
    "/mail": (
        "Say first how messages leave. What is folded is for your IT people.",
        "Send yourself a message to try it.",
        "Your password is asked for again, as these settings decide who gets your mail.",
    ),
}
"""By the address of a page, as its route is written, sentences about it. Each page of the office has some."""
