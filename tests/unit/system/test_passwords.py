"""Which passwords are good enough, and that each is kept in one spelling."""

import unicodedata

import pytest
from argon2 import PasswordHasher

from peer_challenge.errors import WrongUse
from peer_challenge.system import passwords
from peer_challenge.system.passwords import check_new_password, hash_password, is_right_password

OWN = ("Robin Ashcombe-Smith", "robin.ashcombe@brackenford.example.org")


@pytest.mark.parametrize(
    "password",
    [
        *("short", "eleven char", " " * 12, "\u3000" * 12, "aaaaaaaaaaaa", "a" * 200, "abcabcabcabcabc"),
        *("passwordpassword", "PasswordPassword", "Password1234", "P@ssw0rd1234", "p a s s w o r d 1"),
        *("   password12   ", "ｐａｓｓｗｏｒｄ１２３４", "123456789012", "1234567890qw", "qwertyuiop123"),
        *("1q2w3e4r5t6y", "qazwsxedcrfv", "zaq12wsxcde3", "abcdefghijkl", "абвгдежзийкл", "iloveyou1234"),
        *("letmeinletmein", "administrator", "unbelievable", "Welcome12345", "Summer2027!!", "january2027!"),
        *("Peer Challenge", "peer-challenge", "peerchallenge1", "Safeguarding1!", "programme office"),
        *("Robin Ashcombe", "robinashcombe", "ashcombe-smith", "Brackenford27", "ROBIN.ASHCOMBE@brackenford"),
        *("robin.ashcombe@brackenford.example.org", "correct horse battery staple", "x" * 257),
    ],
)
def test_a_password_that_others_would_try_is_refused_with_what_to_do(password: str) -> None:
    with pytest.raises(WrongUse) as refused:
        check_new_password(password, OWN)
    assert refused.value.remedy and (not password.strip() or password not in str(refused.value))


@pytest.mark.parametrize("password", ["northwolds-2027-x", "North-Wolds-27-x", "NorthWolds 2027 x"])
def test_a_name_of_two_words_is_known_without_the_space(password: str) -> None:
    with pytest.raises(WrongUse):
        check_new_password(password, ["Partnership manager at North Wolds"])


@pytest.mark.parametrize(
    "password",
    [
        *(
            "coffee train fish",
            "heron kettle orbit",
            "bridge lamp onion",
            "walnut-ferry-plank",
            "xK9#vb2Lq!pz",
        ),
        *("lampe äpfel brücke", "λύχνος γέφυρα μήλο", "purple 🐘 teapot 🚲 window", "heron kettle " * 19),
    ],
)
def test_words_letters_and_signs_of_any_kind_are_taken(password: str) -> None:
    check_new_password(password, OWN)
    assert is_right_password(hash_password(password), password)


def test_a_password_is_the_same_on_every_keyboard() -> None:
    composed = unicodedata.normalize("NFC", "brücke äpfel café")
    taken_apart = unicodedata.normalize("NFD", composed)
    assert composed != taken_apart
    assert is_right_password(hash_password(composed), taken_apart)
    assert is_right_password(hash_password(taken_apart), composed)
    assert not is_right_password(hash_password(composed), composed + " ")


def test_no_text_is_an_error_and_nobody_without_a_password_gets_in() -> None:
    assert not is_right_password(hash_password("heron kettle orbit"), "\ud800\x00")
    assert not is_right_password(None, "heron kettle orbit")
    assert not is_right_password("no hash at all", "heron kettle orbit")


def test_the_decoy_takes_as_long_as_a_real_hash() -> None:
    assert not PasswordHasher().check_needs_rehash(passwords._DECOY)
