"""Every finding that opening and reading a document can give: its code, message and remedy.

These words are kept only here; docs/reading-word.md is checked against them. Gaps in braces are
filled with sub-headings' titles, counts and kinds of file, never with what somebody wrote.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from peer_challenge.model.findings import Finding
from peer_challenge.model.vocabulary import Severity

REJECT, QUERY, WARN, NOTE = Severity.REJECT, Severity.QUERY, Severity.WARN, Severity.NOTE
_RESAVE = "Open it in Word, choose File, Save As, Word Document (.docx), and send the new file."
_RESEND = "Please send the Word file again. If it opens in Word, save it under a new name first."
_UNLINK = "Replace it by its text: select it in Word and press Ctrl+Shift+F9."


@dataclass(frozen=True, slots=True)
class Code:
    """A finding's code, how much it matters, what is wrong and what to do."""

    code: str
    severity: Severity
    message: str
    remedy: str


class Unreadable(Exception):
    """The document can't be read: `code` says why, `gaps` fill its message.

    `words` are what could be made out all the same, a paragraph each: without them the sender's work is gone.
    """

    def __init__(self, code: str, words: Sequence[str] = (), **gaps: object) -> None:
        super().__init__(code)
        self.code = code
        self.words = words
        self.gaps = gaps

    def finding(self) -> Finding:
        """The finding that says why the document can't be read."""
        known = CODES[self.code]
        return Finding(self.code, known.severity, known.message.format(**self.gaps), known.remedy)


# ruff: noqa: E501 - one message a line reads better than one broken over three
# fmt: off
_ALL = (
    # Opening: whether there is a Word document at all
    Code("open.empty", REJECT, "The file is empty: there is nothing in it.",
         "Please open your own copy in Word and check whether your answers are there. If it lies in OneDrive or another cloud, opening it fetches it. Then save it and send it again."),
    Code("open.file_too_large", REJECT, "The file is larger than {megabytes} MB, the most that we accept.",
         "Please make large pictures smaller (Picture Format, Compress Pictures) or send them apart, then send it again."),
    Code("open.encrypted", REJECT, "The document is protected with a password, so it can't be read.",
         "In Word, please choose File, Info, Protect Document, Encrypt with Password, delete the password, save and send again."),
    Code("open.rights_managed", REJECT, "The document is protected by rights management, so nobody outside can read it.",
         "In Word, please choose File, Info, Protect Document, Restrict Access, Unrestricted Access, save and send again."),
    Code("open.pdf", REJECT, "This is a PDF, not a Word document.", "Please send the Word file it was made from."),
    Code("open.live_link", REJECT, "This is a link to a document, not the document.",
         "Please open the document, choose File, Save a Copy or Download a Copy (in Google Docs: File, Download, Microsoft Word), and send that file."),
    Code("open.not_word", REJECT, "This is not a Word document{what}.",
         "Please send the completed form as a Word document (.docx)."),
    Code("open.email", REJECT, "This is an email inside another file, where we do not look for forms.",
         "Please send the email by itself, or save the Word document that is attached to it and send that."),
    Code("open.picture", REJECT, "This is a picture, such as a photo or a scan, not a Word document.",
         "Please type the answers into the form and send the Word document. A picture can't be read."),
    Code("open.recording", REJECT, "This is a recording of sound or pictures, not a Word document.",
         "Please send the completed form as a Word document (.docx)."),
    Code("open.onenote", REJECT, "This is a OneNote section, not a Word document.",
         "In OneNote choose File, Export, Page, Word Document (.docx), and send that file. Better still, type the answers into the form that was sent to you."),
    Code("open.other_office", REJECT, "This is {what}, not a Word document.",
         "Please send the completed form, which is a Word document (.docx). If its answers are in this file, copy them into the form."),
    Code("open.other_writer", REJECT, "This was written in {what}, which can't be read here.",
         "Please open it there, choose Save As and the type Word Document (.docx), and send that file."),
    Code("open.apple", REJECT, "This is a document of Apple's {what}, which can't be read here.",
         "In Pages choose File, Export To, Word, and send that Word document. From Numbers or Keynote, copy the answers into the form."),
    Code("open.packed", REJECT, "These are packed files of a kind that can't be opened here.",
         "Unpack them and send the form by itself, as a Word document (.docx)."),
    Code("open.web_page", REJECT, "This is a web page, even if its name ends in .doc or .docx.",
         f"{_RESAVE} If it is a page that asks you to sign in, sign in and download the document again."),
    Code("open.word_xml", REJECT, "This is a Word document saved as XML, which can't be read here.", _RESAVE),
    Code("open.zip_encrypted", REJECT, "The ZIP file is protected with a password, so it can't be opened.",
         "Please send the form by itself, as a Word document. If you have to protect it, ask us how."),
    Code("open.truncated", REJECT, "The file is cut short: its end is missing.", _RESEND),
    Code("open.corrupt", REJECT, "The file is damaged and can't be read.", _RESEND),
    Code("open.bad_checksum", REJECT, "The file is damaged: part of it was changed on its way here.", _RESEND),
    Code("open.damaged_part", WARN, "A part of the file that holds no answers is damaged; the rest was read.",
         "Please check that nothing is missing below. If something is, save the document in Word again and send it again."),
    Code("open.macros", REJECT, "The document holds macros (small programs).",
         "Please save it as a Word Document (.docx) without macros and send that."),
    Code("open.macros_ignored", WARN, "The document holds macros (small programs). They were ignored, never run.",
         "Next time send a Word Document (.docx) without macros."),
    Code("open.too_many_parts", REJECT, "The file has far more parts inside it than a Word document has.", _RESAVE),
    Code("open.expands_too_much", REJECT, "The file unpacks to far more than a Word document would.", _RESAVE),
    Code("open.too_large", REJECT, "The document is too large to be read safely.",
         "Please take out large tables or pictures that are not part of the form, and send it again."),
    Code("open.too_slow", REJECT, "The document took too long to read and was put aside.", _RESAVE),
    Code("open.too_much_work", REJECT, "Checking the document took far more work than a form does, so it was put aside.",
         "Please copy your answers into the form that was sent to you, without anything that is repeated many times over, and send that."),
    Code("open.too_deep", REJECT, "The document is nested far deeper than Word makes any.", _RESAVE),
    Code("open.duplicate_parts", REJECT, "The file holds two parts of the same name, which Word never does.", _RESAVE),
    Code("open.overlapping_parts", REJECT, "Parts of the file overlap each other, which Word never does.", _RESAVE),
    Code("open.unsafe_path", REJECT, "The file holds a part with an unsafe name, which Word never does.", _RESAVE),
    Code("open.lying_size", REJECT, "A part of the file is larger or smaller than it is said to be, which Word never does.", _RESAVE),
    Code("open.dtd", REJECT, "The file holds instructions of a kind that Word never writes, so it can't be read safely.", _RESAVE),
    Code("open.bad_xml", REJECT, "The inside of the document is damaged, so nothing in it was taken as an answer. We keep the words that could be made out.", _RESEND),
    Code("open.crossed_changes", REJECT, "LibreOffice saved tracked changes in a way that no program can read, itself included. Your words are kept, and nothing of them was taken as an answer.",
         "In the copy you worked on choose Edit, Track Changes, accept or reject all, save and send again. If it no longer opens, please fill in the form that we sent you again."),
    Code("open.no_document", REJECT, "The file is built like a Word document, but holds no text of one.", _RESEND),
    Code("open.converted", WARN, "The file is {what}; it was converted to a Word document to be read.",
         "Please check the answers below against what you wrote. Next time use File, Save As, Word Document (.docx)."),
    Code("open.not_converted", REJECT, "The file is {what}, which can't be read here.", _RESAVE),
    Code("open.names_outside", REJECT, "The file is {what} that takes something from outside itself, such as a picture on a web page. It can't be converted safely here.", _RESAVE),
    Code("open.zip_of_one", WARN, "The form came in a ZIP file{others}. We have read the form.",
         "If we read the wrong file, please send the right one by itself."),
    Code("open.zip_of_many", QUERY, "The ZIP file holds {count} forms, so it is not clear which one counts.",
         "Please send the one agreed form by itself, as a Word document."),
    Code("open.zip_of_none", REJECT, "The ZIP file holds no form that can be read.{what}",
         "Please send the form by itself, as a Word document (.docx)."),
    Code("open.failed", REJECT, "The document could not be read.", _RESAVE),
    # Identity: whose document this is
    Code("identity.not_ours", REJECT, "This is not one of the forms of a peer challenge.",
         "Please send the form that we sent to you, filled in."),
    Code("identity.for_reading", REJECT, "This document was sent for reading; it is not a form to fill in.",
         "Please send the form that we sent to you, filled in."),
    Code("identity.unknown_cycle", REJECT, "The form belongs to a cycle that is not open here.",
         "Please send the form of the present cycle. Ask us for it if you don't have it."),
    Code("identity.wrong_framework", REJECT, "The form is for another framework than the cycle uses.",
         "Please send the form of the present cycle. Ask us for it if you don't have it."),
    Code("identity.unknown_participant", REJECT, "The form belongs to an area that takes no part in this cycle.",
         "Please send the form that we sent to your own area."),
    # What makes it doubtful whose it is: such a document is held until the office has said so
    Code("identity.held", QUERY, "It is not certain whose form this is, so nothing happens with it yet. We will find out whose it is.",
         "Please tell us which area, or which Chair, sends this form."),
    Code("identity.no_cycle", QUERY, "The form does not say which cycle it belongs to.",
         "Please tell us which cycle it is for, or copy the answers into the form that was sent to you."),
    Code("identity.other_cycle", QUERY, "The form was made for one cycle but names another in its heading.",
         "Please tell us which cycle it is for."),
    Code("identity.no_participant", QUERY, "The form does not say which area it is from.",
         "Please tell us which area it is from, or copy the answers into the form that was sent to you."),
    Code("identity.ambiguous", QUERY, "More than one area could have sent this form.",
         "Please tell us which area it is from."),
    Code("identity.joint", QUERY, "The form names two areas in its title.",
         "Each area sends a form of its own. Tell us which area this one is from."),
    Code("identity.other_area_named", QUERY, "The form was made for one area but names another in its heading.",
         "Please check that you filled in your own area's form, and tell us which area it is from."),
    Code("identity.from_file_name", QUERY, "Only the file's name says which area this is from.",
         "Please tell us which area it is from."),
    Code("identity.kind_unclear", QUERY, "It is not clear which of the forms this is.",
         "Please tell us which form it is, or copy the answers into the form that was sent to you."),
    Code("identity.other_challenger", QUERY, "The challenger changed, and the analysis does not name the one that the area has now.",
         "Please tell us which area wrote it."),
    Code("identity.other_chair", QUERY, "The record does not name the Chair who is appointed for this event.",
         "Please tell us which Chair wrote it."),
    Code("identity.other_sender", QUERY, "The form was sent in by somebody whose form it is not.",
         "Please tell us who should send this form."),
    # Whose it is was read from its words
    Code("identity.from_content", WARN, "The form has lost the hidden marks that say whose it is, so that was read from its words.",
         "Please check the area and cycle above. Next time fill in the form that was sent, without copying it elsewhere."),
    # Layout: where the answers stand
    Code("layout.own_format", QUERY, "The answers are not in the form that was sent; what could be matched is shown.",
         "Please check what was matched below, or copy the answers into the form that was sent to you."),
    Code("layout.columns_guessed", QUERY, "The table's headings are missing or in other words. We read its columns in their usual order.",
         "Please check that each answer is in the right column, or use the form that was sent to you."),
    Code("layout.column_missing", QUERY, "The form's column for this is missing.",
         "Please put the column back, or use the form that was sent to you."),
    Code("layout.no_table", QUERY, "The form's table of answers could not be found.",
         "Please use the form that was sent to you and keep its table."),
    Code("layout.text_answers", QUERY, "Answers were typed as text and not in the cells of the form's table ({count} rows). They were read by the headings and labels beside them.",
         "Please check each answer below. Tell us that they are right, or copy them into the form that was sent to you."),
    Code("layout.rows_by_order", QUERY, "The headings or numbers of rows are gone ({count}). We read the rows in the order of the form.",
         "Please check that each answer below is in the right place, or copy the answers into the form that was sent to you."),
    Code("text.by_order", QUERY, "Nothing says which part of the text under this heading is which. It was read in the order of the form's columns: {columns}.",
         "Please check the answers below, or write the name of the column before each part."),
    Code("text.undivided", QUERY, 'Text under the heading "{title}" does not say which column it is for. It is kept apart.',
         "Please write the name of the column before each part of it, or copy it into the form that was sent to you."),
    Code("text.twice", QUERY, 'There is more than one answer for "{title}": in the table and in text beneath a heading, or in text twice. The text is kept apart.',
         "Please put the answer that counts into the table, and take the other out."),
    Code("text.unplaced", QUERY, "Text outside the places for answers could not be placed ({count} passages{where}). It is kept apart from the answers.",
         "Please say what it answers, or copy it into its place in the form that was sent to you."),
    Code("text.between", WARN, "There is text outside the places for answers ({count} passages{where}). It is kept, and shown apart from the answers.",
         "If it belongs to an answer, move it into the cell of that answer."),
    Code("row.missing", QUERY, 'The row "{title}" is missing from the form.',
         "Please put the row back and fill it in, or tell us why you took it out."),
    Code("row.extra", WARN, "Rows were added that match none of the form's sub-headings ({count}). They are kept, and shown apart from the answers.",
         "If peers should look at one with a sub-heading, move what it says into that row."),
    Code("row.beside_title", QUERY, "Something was written beside the heading of this row, where no answer is looked for. It is kept apart.",
         "Please move it into the column where it belongs."),
    Code("column.extra", WARN, "Columns were added that the form does not have. What they say ({count} cells) is kept, and shown apart from the answers.",
         "If peers should read it, move it into one of the form's own columns."),
    Code("row.cut", QUERY, "Below this row is a line that has no heading or number of its own. It may be the rest of this answer, cut by a page. It is kept apart.",
         "If it is the rest of this answer, put it into this row. If not, say where it belongs."),
    Code("column.renamed", QUERY, "The heading of this column now says what is in another column. We read the columns as they were in the form.",
         "Please check that the answers are in the right columns below. If not, copy each into its own column of the form that was sent to you."),
    Code("column.moved", QUERY, "Cells of this column were moved to other rows ({count}). This is the first.",
         "Please check that each answer in this column is in its own row, and move those that are not."),
    Code("column.two_ratings", QUERY, "Two columns have ratings. We read the first that fits and kept the other apart.",
         "Please write the one rating that the partners agree on into the form's own column."),
    Code("row.shifted", QUERY, "A cell of this row was deleted or added, so its answers may be under the wrong headings.",
         "Please check each answer of this row below. If one is in the wrong place, copy the row into the form that was sent to you."),
    Code("row.unplaced", QUERY, "In table {table} of the document, rows could not be placed ({count}): nothing says which sub-heading they answer. They are kept, and shown apart from the answers.",
         "Please copy each into its row of the form that was sent to you, or say which sub-heading it answers."),
    Code("item.unplaced", QUERY, "In table {table} of the document, lines could not be placed ({count}): nothing says which items they are, by a heading above the table or a number. They are kept, and shown apart from the others.",
         "Please copy each into its place in the form that was sent to you, or say what it is."),
    Code("layout.rows_by_tag", WARN, "The headings of some rows are gone ({count}). Which they are was read from hidden names in their cells.",
         "Please check that each answer below has the right sub-heading. Next time leave the first column as it is."),
    Code("row.reworded", WARN, 'A row\'s heading was changed; we read it as "{title}".',
         "Please check that the answer belongs there."),
    Code("row.uncertain", QUERY, 'A row\'s heading was changed; it may be "{title}".',
         "Please give the row its heading back, or say which sub-heading it answers."),
    Code("row.repeated", QUERY, 'The row "{title}" is there twice. One is shown; the other is kept apart.',
         "Please put both answers into one row."),
    Code("cell.merged_across", QUERY, "Cells of this row were merged across columns; the text is kept once.",
         "Please say which part belongs in which column, or split the cells again."),
    Code("cell.merged_down", WARN, "This cell was merged with the rows below; its text is kept once, here.",
         "If it answers the rows below as well, say so there."),
    Code("rating.shared", WARN, "One rating is merged over several rows. We used it for each of them.",
         "Please check that it is right for each, or give each row its own."),
    # Ratings
    Code("rating.missing", QUERY, "There is no rating here.", "Please give one rating: RED, AMBER or GREEN."),
    Code("rating.not_chosen", QUERY, "No rating was chosen from the list.", "Please choose RED, AMBER or GREEN from the list."),
    Code("rating.split", QUERY, "There are two ratings here. We cannot choose for you.",
         "Please give the one rating that the partners agree on."),
    Code("rating.by_agency", QUERY, "Each agency has given its own rating here.",
         "Please give the one rating that the partners agree on. We keep a record of the separate ratings."),
    Code("rating.not_present", QUERY, "The rating here is for another time. There is none for now.",
         "Please give the rating for now: RED, AMBER or GREEN."),
    Code("rating.qualified", QUERY, "The rating has a condition, so it is not clear which one you mean.",
         "Please give one rating for now: RED, AMBER or GREEN."),
    Code("rating.not_understood", QUERY, "The rating is not one of RED, AMBER or GREEN.",
         "Please give one rating: RED, AMBER or GREEN."),
    Code("rating.other_scale", QUERY, "The rating is on another scale (numbers, ticks or words).",
         "Please give one rating: RED, AMBER or GREEN."),
    Code("rating.other_colour", QUERY, "The rating is a colour that this scale does not have.",
         "Please give one rating: RED, AMBER or GREEN."),
    Code("rating.colour_only", WARN, "This cell is coloured, and no rating is written in it. We read the colour as {rating}.",
         "If that is not what you meant, please send a corrected copy. Next time please write the rating."),
    Code("rating.colour_unclear", QUERY, "The cell is coloured, but the colour is not clearly red, amber or green.",
         "Please write the rating in the cell: RED, AMBER or GREEN."),
    Code("rating.disagrees_with_shading", QUERY, "The rating says one thing and the colour of the cell another.",
         "Please say which of the two is meant, and make both the same."),
    Code("rating.highlighted", QUERY, "The answer is only marked with a highlighter.",
         "Please write the rating in the cell: RED, AMBER or GREEN."),
    Code("rating.picture", QUERY, "The rating is a picture, which can't be read.",
         "Please write the rating in the cell: RED, AMBER or GREEN."),
    Code("rating.in_comment", QUERY, "There is no rating here. It seems to be in a comment in the margin, which is not read as an answer.",
         "Please write the rating in the cell: RED, AMBER or GREEN."),
    Code("rating.in_colour", QUERY, "The rating is given only by the colour of a sign, which is not read.",
         "Please write the rating in the cell: RED, AMBER or GREEN."),
    Code("rating.tick_unclear", QUERY, "A tick box here is saved as ticked but shown as empty, or the other way round.",
         "Please write the rating in the cell: RED, AMBER or GREEN."),
    Code("rating.trend", NOTE, "We read the present rating from a note of how it changed, and kept the note.", "You do not need to do anything."),
    Code("rating.told", WARN, "You told us that the rating is {rating}. We use that.",
         "If it is not right, please send a corrected copy."),
    Code("rating.mapped", NOTE, "The rating was translated by the cycle's own table.", "You do not need to do anything."),
    Code("rating.not_applicable", NOTE, "You rated this as not applicable, so it is not in the counts of RED, AMBER and GREEN.",
         "You do not need to do anything."),
    Code("rating.other_table", QUERY, "Another table in the document gives this another rating. We read the one in the form's own table.",
         "Please make both the same, or take the other table out."),
    Code("rating.tracked", QUERY, "The rating has a pending tracked change.",
         "Please accept or reject the change in Word (Review), so that one rating is left."),
    Code("response.kind_unclear", QUERY, "The kind of answer is none of the three.",
         "Please choose one: further evidence, more work is needed, or action taken since the self-assessment."),
    Code("progress.status_unclear", QUERY, "How far this action is can't be read as one of the five answers.",
         "Please choose: done, under way, not started, changed or dropped. Your words stay as they are."),
    Code("progress.status_shared", WARN, "One answer is merged over several actions. We used it for each of them.",
         "Please check that it is right for each, or give each action its own."),
    # What people do in Word
    Code("word.tracked_changes", WARN, "The document has tracked changes. We read it with all of them accepted.",
         "Please check that this is what you mean. If it is, you do not need to do anything."),
    Code("word.margin_comments", WARN, "The document has comments in its margin. They are never passed on to peers.",
         "If a comment says something that peers should see, put it into the answer itself."),
    Code("word.hidden_text", WARN, "We left out text that is hidden in Word.",
         "If you want it in your answer, make it visible in Word (Font, Hidden) and send the form again."),
    Code("word.struck_text", WARN, "We left out the text that you crossed out.",
         "If you want it in your answer, remove the strike-through and send the form again."),
    Code("word.nested_table", WARN, "A table inside the answer was turned into lines of text; nothing is lost.",
         "Please check that it still reads well."),
    Code("word.text_box", WARN, "A text box or drawing with text was read into the answer.",
         "Please check that it reads well; plain text in the cell is safer."),
    Code("word.drawing_unread", QUERY, "There is a drawing here whose words can't be read.",
         "Please write what it says into the cell."),
    Code("word.picture", WARN, "A picture is kept with the document, but is not read as an answer.",
         "Please write what the picture shows into the answer."),
    Code("word.bound_text", QUERY, "A field here is filled from data inside the file, and the file also holds older words for it. What Word shows was read; the other words are kept apart.",
         "Please check that the answer below is the one that you mean."),
    Code("word.embedded_file", WARN, "Files are embedded in the document ({count}). They are kept aside and never opened.",
         "Please send evidence as files of its own, if peers need it."),
    Code("word.imported_part", WARN, "The document holds another document inside it{where} that was not opened.",
         "Please open the document in Word and save it again, so that the text becomes part of it."),
    Code("word.notes", WARN, "The document has footnotes or endnotes. They are kept, but they are not in the answers.",
         "Please put what matters into the answer itself."),
    Code("word.answer_elsewhere", QUERY, "There is no text here but a note or a packed file, which we do not read as an answer.",
         "Please write the answer into the cell."),
    Code("link.private", WARN, "There is a link to a SharePoint, intranet or shared drive, which peers can't open.",
         "If your challenger should see what it leads to, please send us a copy. If not, you do not need to do anything."),
    Code("word.external_content", WARN, "The document points to content kept elsewhere{where}. It was not fetched.",
         "Please put what matters into the document itself."),
    Code("word.dde", WARN, "The document holds a field{where} that would fetch data from another program (DDE). It was ignored.",
         _UNLINK),
    Code("word.signed", NOTE, "The document is signed digitally. A copy that we send back is not.", "You do not need to do anything."),
    # What runs, fetches or starts something. None of it is in any copy that we send
    Code("active.control", WARN, "The document holds an ActiveX control{where}, which is a small program. It was ignored.",
         "Please type the answer as text. To take the control out: in Word choose Developer, Design Mode, click the control and press Delete."),
    Code("active.program", WARN, "A program, or a file that opens in another program, is packed into the document{where}. It was not opened.",
         "Please click its icon in Word and press Delete. If the office needs the file, send it by itself."),
    Code("active.attached_template", WARN, "The document uses a template that is kept elsewhere. It was not fetched.",
         "In Word, please choose File, Options, Add-ins. Beside Manage choose Templates, then Go. Empty the box for the document template and save."),
    Code("active.linked_picture", WARN, "A picture{where} is linked from elsewhere. It was not fetched.",
         "In Word, please choose File, Info, Edit Links to Files, Break Link, and insert the picture itself if it is needed."),
    Code("active.linked_text", WARN, "Text{where} is linked from another document. It was not fetched.",
         "Please copy the text into the answer. To take out the link, select it in Word and press Ctrl+Shift+F9."),
    Code("active.linked_object", WARN, "An object or a chart{where} is linked to a file kept elsewhere. It was not fetched.",
         "In Word, please choose File, Info, Edit Links to Files, Break Link, and save."),
    Code("active.data_source", WARN, "The document takes data{where} from a list or a database, as a mail merge does. It was not fetched.",
         "In Word, please choose Mailings, Start Mail Merge, Normal Word Document, and save."),
    Code("active.frame", WARN, "The document shows other documents in frames. They were not fetched.",
         "Please copy the answers into the form that was sent to you."),
    Code("active.menus", WARN, "The document changes the menus or keys of Word. This was ignored.",
         "Please copy the answers into the form that was sent to you."),
    Code("active.add_in", WARN, "The document starts an add-in, which is a small program. It was ignored.",
         "Please copy the answers into the form that was sent to you."),
    Code("active.link", WARN, "A link{where} starts a program and leads to no page. It was ignored.",
         "In Word click the link with the right button and choose Remove Hyperlink."),
    Code("active.link_to_file", WARN, "A link{where} leads to a file on a computer or a shared drive, which peers can't open.",
         "Please send a copy of what it leads to, or say in the answer what it shows."),
    Code("active.macro_button", WARN, "A button or a field{where} starts a macro (a small program). It was ignored.",
         "Please click it in Word and press Delete. Type the answer as text."),
    Code("active.built_field", WARN, "The instruction of a field{where} is put together by other fields, so it can't be told what it does. It was ignored.",
         _UNLINK),
    Code("active.printer_commands", WARN, "A field{where} sends commands to the printer. It was ignored.", _UNLINK),
    Code("active.unknown_field", NOTE, "A field{where} is of a kind that we do not know. The text that it shows was read.",
         _UNLINK),
    Code("active.transform", WARN, "The document would be changed by other instructions (XSLT) when it is saved. They were ignored.",
         "Please copy the answers into the form that was sent to you."),
    Code("active.schema", NOTE, "The document names an XML schema. It was not fetched.", "You do not need to do anything."),
    Code("active.web_video", WARN, "A video or a sound{where} is played from elsewhere. It was not fetched.",
         "Please click it in Word and press Delete. Put a link to the page into the answer instead."),
    Code("active.linked_font", WARN, "A font is fetched from elsewhere. It was not.",
         "In Word, please choose File, Options, Save, take the tick from Embed fonts in the file, and save."),
    Code("active.drawing_with_scripts", NOTE, "The document holds a drawing (SVG){where}. Copies that we send show the picture beside it.",
         "You do not need to do anything."),
    Code("active.printer_settings", NOTE, "The document holds the settings of a printer. They were ignored.", "You do not need to do anything."),
    Code("copy.picture_left_out", WARN, "This copy shows a grey box in place of {count}: of a kind that we do not send on, or damaged.",
         "Your own file still has it. To put it into this copy, save it as PNG or JPEG and insert that."),
    Code("word.highlight", QUERY, "Text is highlighted in place of an answer.", "Please write the answer in words."),
    Code("commentary.by_author", WARN, "The column for the peers was filled in. It is kept as a note of the area, not as peer commentary.",
         "Please move it into your own columns if peers should answer it."),
    Code("form.answers_outside", QUERY, "The places for answers are empty, but there is text outside them ({count} passages). It is kept, and we read none of it as an answer.",
         "Please copy your answers into the cells of the form that was sent to you. If this was a blank form, send the one that you filled in."),
    Code("form.pictures", QUERY, "The places for answers are empty, and the document has pictures ({count}). A picture, such as a scanned page, can't be read as answers.",
         "Please send the Word file in which the answers are typed. If you have none, type them into the form that was sent to you, or ring us."),
    Code("form.blank", REJECT, "The form is blank: nothing has been filled in.",
         "Please fill in the form and send it again. If you did, check that you attached the right file and wrote in its tables."),
)
# fmt: on

CODES: dict[str, Code] = {code.code: code for code in _ALL}

DOUBTS = frozenset(
    code.code for code in _ALL if code.code.startswith("identity.") and code.severity is Severity.QUERY
)
"""The findings of a doubtful document. No cycle can make less of them: what they hold back is safety."""

RATINGS = frozenset(code.code for code in _ALL if code.code.startswith("rating."))
"""The findings about a rating: where one stands, the reader has said why there is no rating, or which."""


def make_finding(
    code: str, subheading: str | None = None, column: str | None = None, **gaps: object
) -> Finding:
    """The finding with `code`, for a place or the whole document; `gaps` fill the braces of its message."""
    known = CODES[code]
    return Finding(code, known.severity, known.message.format(**gaps), known.remedy, subheading, column)


def with_severity(found: Finding, severity: Severity) -> Finding:
    """A copy of the finding with another severity."""
    return replace(found, severity=severity)
