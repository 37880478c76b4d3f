"""Folders and files of programs among people's documents: known by their names, and no others."""

import pytest

from peer_challenge.system.program_names import is_program_file, owner_names, use_of_folder


@pytest.mark.parametrize(
    "name",
    [
        *("#recycle", "#Recycle", "@Recycle", "$RECYCLE.BIN", "$Recycle.Bin", "RECYCLER", "Recycled"),
        *(".recycle", ".Trash-1000", ".Trash", ".Trashes", "Recycle Bin - Volume_1", "Network Trash Folder"),
        *("trashbox", "Network Recycle Bin 1", "DfsrPrivate", "#trash", "files_trashbin"),
    ],
)
def test_a_recycle_bin_is_known_as_one(name: str) -> None:
    use = use_of_folder(name)
    assert use is not None and "deleted" in use.is_what


@pytest.mark.parametrize(
    "name",
    [
        *("@Recently-Snapshot", ".stversions", "#snapshot", ".snapshot", ".snapshots", "~snapshot", ".zfs"),
        *("_gsdata_", ".ckpt", "files_versions", "@Snapshot", ".DocumentRevisions-V100"),
    ],
)
def test_a_folder_of_earlier_versions_is_known_as_one(name: str) -> None:
    use = use_of_folder(name)
    assert use is not None and "earlier versions" in use.is_what


@pytest.mark.parametrize(
    "name",
    [
        *("@eaDir", ".dropbox.cache", ".SynologyWorkingDirectory", "System Volume Information", "@__thumb"),
        *(
            ".tmp.drivedownload",
            ".tmp.driveupload",
            ".owncloudsync.log",
            "__MACOSX",
            "lost+found",
            "found.000",
        ),
        *("Temporary Items", ".TemporaryItems", ".AppleDouble", ".fseventsd", ".Spotlight-V100", ".stfolder"),
    ],
)
def test_a_folder_that_a_system_keeps_is_known_as_one(name: str) -> None:
    use = use_of_folder(name)
    assert use is not None and "keeps for itself" in use.is_what


@pytest.mark.parametrize(
    "name",
    [
        *("Ashcombe", "#1 Ashcombe", "@Ashcombe", "recycling", "Recycle bins policy", "Snapshot of practice"),
        *("versions", "Deleted by mistake", "Trashcombe", "sync", "found", "eaDir", "Binfield", "2027"),
        *("Temporary accommodation", "synced", "rejected", "System", "archive"),
    ],
)
def test_a_folder_of_peoples_is_never_taken_for_a_programs(name: str) -> None:
    assert use_of_folder(name) is None


@pytest.mark.parametrize(
    "name",
    [
        *("form.docx@SynoEAStream", "form.docx@SynoResource", "form.docx:Zone.Identifier", "form.docx~"),
        *("form.docx.sb-1a2b3c4d-AbC9xZ", "ehthumbs.db", "sync.ffs_db", "form.docx.filepart", "x.docx.!sync"),
    ],
)
def test_a_file_that_a_program_keeps_beside_documents_is_known(name: str) -> None:
    assert is_program_file(name)


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("form.docx", "~$form.docx"),
        ("return.docx", "~$return.docx"),
        ("returns.docx", "~$eturns.docx"),
        ("our form.docx", "~$r form.docx"),
        ("Self-assessment Ashcombe.docx", "~$lf-assessment ashcombe.docx"),
        ("figures.xlsx", "~$figures.xlsx"),
        ("form.odt", ".~lock.form.odt#"),
        ("no suffix", "~$ suffix"),
    ],
)
def test_who_has_a_document_open_is_told_by_its_owner_file(name: str, owner: str) -> None:
    assert owner in owner_names(name)
    assert owner not in owner_names(f"another {name}")
