"""What is measured against each other does the same work, and each benchmark finds its documents."""

import io
import zipfile
from pathlib import Path

import pytest

from bench import commands, outbox_files, rendering
from peer_challenge.dispatches import forms
from peer_challenge.dispatches.outgoing_file_names import build_file_name
from peer_challenge.dispatches.samples import sample_facts
from peer_challenge.model.vocabulary import DispatchKind


def _words_of(document: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(document)) as package:
        return package.read("word/document.xml").decode()


def test_every_way_to_render_writes_what_the_areas_wrote() -> None:
    facts = rendering.facts_of_48_rows()
    context = forms.build_analysis_pack_words(facts)
    written = {text.split(".")[0] for text in facts.rows["strengths"] if len(text) > 20}
    for make in (rendering.ours(facts), rendering.docxtpl_as_it_comes(context), rendering.floor(context)):
        document = _words_of(make())
        assert [text for text in written if text not in document] == []


def test_an_opened_cycle_has_a_form_to_check_and_no_answer_yet(tmp_path: Path) -> None:
    words = commands.list_commands(tmp_path)["check"]
    assert Path(words[3]).is_file()
    outbox = tmp_path / "outbox"
    assert outbox_files.list_documents(outbox, DispatchKind.SELF_ASSESSMENT_TEMPLATE)
    assert not outbox_files.list_documents(outbox, *outbox_files.ANSWERS)


@pytest.mark.parametrize("kind", outbox_files.ANSWERS)
def test_an_answer_is_found_by_the_name_that_it_gets(tmp_path: Path, kind: DispatchKind) -> None:
    path = tmp_path / build_file_name(sample_facts.sample_facts(kind))
    path.touch()
    (tmp_path / build_file_name(sample_facts.sample_facts(DispatchKind.LAUNCH_LETTER))).touch()
    assert outbox_files.list_documents(tmp_path, *outbox_files.ANSWERS) == [path]
