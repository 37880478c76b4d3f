"""Folders and files of programs among people's documents: known by their names, and no others."""

import pytest

from peer_challenge.system.program_names import (
    is_program_file,
    may_be_a_document,
    owner_names,
    use_of_folder,
)


@pytest.mark.parametrize(
    "name",
    [
        *("#recycle", "#Recycle", "@Recycle", "$RECYCLE.BIN", "$Recycle.Bin", "RECYCLER", "Recycled"),
        *(".recycle", ".Trash-1000", ".Trash", ".Trashes", "Recycle Bin - Volume_1", "Network Trash Folder"),
        *("trashbox", "Network Recycle Bin 1", "DfsrPrivate", "#trash", "files_trashbin"),
        *("_recycle", "Recently Deleted", "Deleted Items"),
    ],
)
def test_a_recycle_bin_is_known_as_one(name: str) -> None:
    use = use_of_folder(name)
    assert use is not None and "deleted" in use.is_what


@pytest.mark.parametrize(
    "name",
    [
        *("@Recently-Snapshot", ".stversions", "#snapshot", ".snapshot", ".snapshots", "~snapshot", ".zfs"),
        *(
            "@GMT-2027.01.11-10.00.00",
            "_gsdata_",
            ".ckpt",
            "files_versions",
            "@Snapshot",
            ".DocumentRevisions-V100",
            "Preservation Hold Library",
            "Backups.backupdb",
        ),
    ],
)
def test_a_folder_of_earlier_versions_is_known_as_one(name: str) -> None:
    use = use_of_folder(name)
    assert use is not None and "earlier versions" in use.is_what


@pytest.mark.parametrize(
    "name",
    [
        *("@__qini", "#sharebin", "_vti_cnf", "_VTI_PVT", "SyncDebris"),
        *("OneDriveTemp", "@appstore", "@SynoDrive", "$WinREAgent"),
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
        ("form.docx", ".~form.docx"),
    ],
)
def test_who_has_a_document_open_is_told_by_its_owner_file(name: str, owner: str) -> None:
    assert owner in owner_names(name)
    assert owner not in owner_names(f"another {name}")


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Backup of form.wbk",
            "form.wbk",
            "AutoRecovery save of form.asd",
            "form.docx.gstmp",
            "form.docx.aria2",
        ),
        *("form.docx.!ut", "form.docx.ocTransferId123", "form.docx.partial", ".syncthing.form.docx.tmp"),
        *("~syncthing~form.docx.tmp", "Unconfirmed 12345.crdownload", ".~form.docx"),
        *(".form.docx.icloud", ".Our return.pdf.icloud"),
    ],
)
def test_a_file_that_is_on_its_way_or_a_copy_that_a_program_keeps_is_not_read(name: str) -> None:
    assert is_program_file(name) and may_be_a_document(name)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "FORM.DOCX",
            "form .docx",
            "form",
            "form (conflicted copy).docx",
            "form-DESKTOP-1.docx",
            "form (1).docx",
        ),
        *("Backup of form.docx", "form - Copy.docx", "tmp.docx", "part.docx", "lock.docx", "asd.docx"),
    ],
)
def test_a_file_of_people_is_read_whatever_it_is_called(name: str) -> None:
    assert not is_program_file(name)


@pytest.mark.parametrize(
    "name",
    ["Deleted", "Old versions", "Archive", "previous versions", "Snapshot of June", "Forms", "vti", "#1"],
)
def test_a_folder_of_people_is_none_of_a_program(name: str) -> None:
    assert use_of_folder(name) is None
