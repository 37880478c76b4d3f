"""The rules of the code: each finds what it forbids, leaves what it allows, and holds everywhere."""

import pytest

from scripts.code_rules import EXCEPTIONS, find_all, find_in_code, find_in_page, is_excepted

FORBIDDEN = {
    "yaml": ["yaml.load(text)", "yaml.load(text, Loader=yaml.Loader)", "yaml.unsafe_load(text)"],
    "shell": ["subprocess.run(told, shell=True)", "os.system(told)", "os.popen(told)"],
    "pickle": ["pickle.loads(data)", "pickle.load(file)", "marshal.loads(data)"],
    "temporary": ["tempfile.mktemp()"],
    "sql": [
        "sa.text(f'SELECT {name}')",
        "connection.execute('SELECT %s' % name)",
        "connection.exec_driver_sql('SELECT {}'.format(name))",
        "cursor.executescript('a' + f'{name}')",
    ],
    "markup": ["Markup(value)", "markupsafe.Markup(f'<b>{value}</b>')"],
    "evaluation": ["eval(told)", "exec(told)"],
    "unpacking": ["archive.extractall(folder)", "shutil.unpack_archive(file)"],
    "certificate": ["httpx.get(url, verify=False)", "ssl._create_unverified_context()"],
    "xml": ["etree.fromstring(data)", "etree.parse(file)"],
    "inbox": ["(settings.inbox_folder / name).read_bytes()", "(s.inbox_folder / 'a').open('rb')"],
    "challenge id": ["challenge_id.partition('/')[2]", "(row.challenge_id or '').rpartition('/')[2]"],
    "clock": ["datetime.now(UTC)", "datetime.datetime.now(UTC)", "date.today()", "datetime.utcnow()"],
    "remedy": ["f'{refused} {refused.remedy}'", "told = f'No. {why} Then {why.remedy}'"],
    "number": [
        "MOST = 5",
        "_MOST: int = 5",
        "FIRST = -1",
        "SIZE = 1 << 20",
        "SIZE = 2 * OTHER",
        "FAR = np.int64(1) << 60",
        "DAY = timedelta(days=1)",
        "DAY = datetime.timedelta(1)",
        "MOST = 5  # noqa: E501",
        "LEAST = 4  # why it is four\nMOST = 5",
        "LEAST = 4\n'Why it is four.'\nMOST = 5",
        "LEAST, MOST = 4, 5",
        "BETWEEN = (4, 5)",
        "BOUNDS = Bounds(seconds=20, memory_mb=600)",
        "def judge(text): return len(text) > 40",
        "def judge(likeness):\n    if 0.8 <= likeness: return True",
        "class Judge:\n    def wait(self):\n        time.sleep(0.5)",
        "def judge(text):\n    # why\n    text = text.strip()\n    return len(text) > 40",
    ],
    "log": [
        "try: pass\nexcept ValueError as error: log.warning('it failed: %s', error)",
        "try: pass\nexcept ValueError as error: log.error(f'{error}')",
        "try: pass\nexcept ValueError as error: logger.info('%s', str(error))",
        "log.exception('it failed')",
        "log.warning('it failed', exc_info=True)",
    ],
}
ALLOWED = [
    "yaml.load(text, Loader=yaml.CSafeLoader)",
    "yaml.safe_load(text)",
    "read_clock()",
    "clock.now()",
    "find_author_id(row.challenge_id)",
    "subprocess.run(['a', told])",
    "tempfile.mkstemp()",
    "connection.execute(sa.text('SELECT 1'), {'name': name})",
    "Markup('<code>{}</code>').format(value)",
    "etree.fromstring(data, parser)",
    "etree.fromstring(data, parser=hardened)",
    "try: pass\nexcept ValueError as error: log.warning('it failed: %s', describe_error(error))",
    "try: pass\nexcept OSError as error: log.warning('it failed: %s', os.strerror(error.errno))",
    "(settings.outbox_folder / name).read_bytes()",
    "axes.text(0, 0, f'{name}')",
    "f'{refused.remedy}'",
    "MOST = 5\n'Why it is five.'",
    "MOST = 5  # why it is five",
    "# why it is five\nMOST = 5",
    "SIZE = (\n    1 << 20  # why it is a megabyte\n)",
    "most = 5",
    "IS_ON = True",
    "NAME = 'five'",
    "NONE = '0' * 64",
    "MOST = OTHER",
    "ROOM = measure(5)",
    "PLACES = ('a', 'b')",
    "LEAST, MOST = 4, 5\n'Why four, and why five.'",
    "NUMBER_OF = {'first': 1}",
    "SENDER, SUBJECT = 0x0C1A, 0x0037",
    "def judge(text): return len(text) > 40  # why it is forty",
    "def judge(text):\n    # why it is forty\n    return len(text) > 40",
    "def judge(words): return len(words) > 2",
    "def judge(code): return code >= 0x2E80",
    "def judge(number): return number == 404",
    "def judge(share): return share < 1.0",
    "def wait(): time.sleep(_PAUSE)",
    "def count():\n    MOST = 5",
]


@pytest.mark.parametrize(
    ("rule", "code"), [(rule, code) for rule, all_ in FORBIDDEN.items() for code in all_]
)
def test_what_a_rule_forbids_is_found(rule: str, code: str) -> None:
    assert [breach.rule for breach in find_in_code("a.py", code)] == [rule]


@pytest.mark.parametrize("code", ALLOWED)
def test_what_is_allowed_is_left(code: str) -> None:
    assert find_in_code("a.py", code) == []


@pytest.mark.parametrize("code", ["MOST = 5", "def judge(text): return len(text) > 40"])
def test_a_script_may_have_numbers_without_a_reason(code: str) -> None:
    assert find_in_code("scripts/a.py", code) == []


def test_chances_of_a_fictional_region_need_no_reason() -> None:
    chance = "def does(dice): return dice.random() < 0.4"
    assert find_in_code("peer_challenge/rehearsal/people.py", chance) == []
    assert [breach.rule for breach in find_in_code("peer_challenge/model/people.py", chance)] == ["number"]


@pytest.mark.parametrize(
    ("page", "is_found"),
    [
        ("{{ value|safe }}", True),
        ("{{ row.text | safe }}", True),
        ("{{ shown(value)|safe }}", True),
        ("{% autoescape false %}", True),
        ("{{ 'inputmode=\"numeric\"'|safe }}", False),
        ("{{ value|safer }}", False),
        ("{{ value }}", False),
    ],
)
def test_a_page_shows_nothing_unescaped(page: str, is_found: bool) -> None:
    assert bool(find_in_page("a.html", page)) is is_found


def test_the_code_keeps_its_rules_and_every_exception_is_one() -> None:
    found = find_all()
    assert [breach for breach in found if not is_excepted(breach)] == []
    assert {(breach.rule, breach.path) for breach in found} == set(EXCEPTIONS)
