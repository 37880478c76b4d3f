"""Compiled patterns of the company that a person's name keeps in a sentence. This module judges nothing.

Those that end in `_BEFORE`, and ABOUT and RELATED, are searched in the stretch of text that ends where a name
begins; those that end in `_AFTER`, and OWNED and BEFELL, are matched where it ends. Each stretch is bounded.
"""

# ruff: noqa: E501 - a pattern is easier to read on one line than cut in two

import re

_WORD = r"[A-Z][\w'’-]{1,40}"
_FULL = rf"{_WORD}(?:\s{_WORD}){{0,3}}"
NAMES = re.compile(rf"\b{_FULL}")
TOKEN = re.compile(r"[A-Z][\w'’-]+")
JOINED = re.compile(r"\s*(?:\([^()]{0,60}\)|,\s*\d{1,2})?\s*(?:,|and|&|, and)\s+")
POSSESSIVE = re.compile(r"[’']s?$")

_ROLE = (
    r"(?:directors?|scrutineers?|(?:vice-|co-)?chairs?|deputy|deputies|inspectors?|superintendents?|sergeants?|constables?|"
    r"detectives?|commissioners?|councillors?|cllr|dr|doctors?|gps?|professor|prof|nurses?|midwife|midwives|visitors?|leads?|"
    r"heads?|head girl|head boy|headteachers?|principals?|governors?|managers?|co-?ordinators?|officers?|workers?|advis[eo]rs?|apprentices?|"
    r"ambassadors?|champions?|trustees?|researchers?|mayors?|members?|representatives?|reps?|trainers?|authors?|solicitors?|"
    r"magistrates?|judges?|kc|mp|pc|di|ds|dci|dc|ps|foster carers?|leaders?|consultants?|analysts?|sir|dame|lord|lady|rev|reverend|imam|rabbi|"
    r"practitioners?|paediatricians?|psychologists?|lecturers?|reviewers?|chief executive|secretary|clerks?|editors?|artists?|"
    r"designers?|volunteers?|mentors?|reporters?|carers? of the year|founders?|interns?|care\s+leaver\s+on\s+our\s+\w+|presidents?|speakers?|delegates?|winners?|chatbot|app|dog|tool|code|portal)"
)
_TITLE = r"(?:ms|mrs|mr|miss|dr|cllr|councillor|professor|prof|sir|dame|sergeant|nurse)\.?\s+"
_CHAIN = rf"(?:{_FULL}(?:\s*\([^()]{{0,60}}\))?\s*(?:,|and|&|,\s+and)\s+)?"
HE_OR_SHE = re.compile(r"\b(?:he|she|his|her|him|herself|himself|hers)\b")
"""Said of one person, in the words after a name."""
_KIN = r"(?:mother|mum|mam|mummy|father|dad|daddy|step-?(?:father|mother|dad|mum|son|daughter|brother|sister)|parents?|(?:little|older|younger|big|baby|twin|half)\s+(?:sister|brother)|sisters?|brothers?|siblings?|sons?|daughters?|grandmother|grandfather|grandparents?|gran|nan|nana|grandad|uncle|auntie?|aunt|cousins?|baby|twin|partner|boyfriend|girlfriend|family|relatives?)"
IN_A_PLACE = re.compile(
    r"\b(?:in|at|near|across|around|throughout|outside|within|via|serving|into|to|from|of|by)\s+(?:the\s+)?$",
    re.I,
)
AT_A_PLACE = re.compile(
    r"\b(?:in|at|near|across|around|throughout|outside|within|via|serving|the)\s+(?:the\s+)?$", re.I
)
IN_AN_ADDRESS = re.compile(r"[\w.+-]{0,40}@")
TITLE_BEFORE = re.compile(r"\b(?:Ms|Mrs|Mr|Miss)\.?\s+$")
ROLE_BEFORE = re.compile(
    rf"(?i:\b{_ROLE})(?i:(?:\s+(?:of|for|in)\s+[\w'’ ]{{2,60}})?(?:\s+(?:is|are|was|were))?\s*[,:(]?\s*(?:{_TITLE})?){_CHAIN}$"
)
BY_ROLE = re.compile(
    rf"(?i:\b(?:led|chaired|co-?chaired|written|prepared|completed|run|signed(?: off)?|designed|presented|produced|drawn|authored|carried out|taught|trained|compiled)\s+by:?\s+(?:{_TITLE})?|"
    rf"\b(?:artwork|foreword|cover|film|poem|design)\b[^.;]{{0,40}}\bby\s+|\bthank(?:s\s+(?:\w+\s+)?to)?\s+(?:{_TITLE})?|\bsigned(?: off)?(?: by)?:\s*){_CHAIN}$"
)
_MORE = rf"(?:\s*(?:,\s*\d{{1,2}}\s*)?(?:\(\d{{1,2}}\)\s*)?(?:,|and|&|,\s+and)\s+{_FULL}){{0,4}}"
ROLE_AFTER = re.compile(
    rf"{_MORE}\s*(?:,\s*(?:aged\s+)?\d{{1,2}}|\(\s*(?:aged\s+)?\d{{1,2}}\s*\)|,\s*aged\s+\w{{1,12}})?\s*"
    rf"(?:as\s+(?=(?:our|the|a|lead|head|chair|director)\b)|[,(–-]\s*(?:who\s+(?:is|was|has been)\s+)?|,?\s*(?:is|was|has been|are|were|will be)\s+(?=(?:now\s+)?(?:our|the|a|an|its|their|his|one\s+of|appointed|elected|chosen|vice|co-?chair|deputy|chair|youth|young|head|in charge)\b))"
    rf"(?:now\s+|also\s+)?(?:(?:appointed|elected|chosen|made)\s+)?(?:as\s+)?(?:(?:our|the|a|an|its|their|one\s+of\s+our|two\s+of\s+our|his|her)\s+)?"
    rf"(?:(?!whose\b|who\b|which\b|that\b|and\b|but\b|has\b|in\b|on\b|with\b|by\b|known\b|was\b|is\b|had\b|told\b|wrote\b|lives?\b|about\b|after\b|h(?:is|er)\b|to\b)[\w'’/-]{{1,30}}\s+){{0,6}}?(?i:{_ROLE})\b(?!\s+(?:changed|left|came|said|says|told|reported|wrote|felt|found|noted))"
)
WORKS_FOR = re.compile(
    rf"{_MORE}(?:\s*\((?:the\s+)?(?i:council|police|icb|health|education|nhs|nspcc|schools?)\b|\s+(?:from|of|at|for)\s+(?:the\s+|our\s+)?(?:[\w'’-]{{1,30}}\s+){{0,4}}?(?i:team|service|hub|parliament|cabinet|forum|relate|council|icb|trust|board|helpdesk|desk|police|unit|office|charity|university|constabulary|force|mind|nspcc|hospital)\b(?!\s+(?:school|with|after|because)))"
)
ROLE_VERB = re.compile(
    _MORE
    + r"(?:\s*,\s*(?:who|[^,.]{1,60},)|\s*\(\s*\d{1,2}\s*\))?\s+(?:(?:also|now|then|each|together|jointly)\s+)?"
    r"(?:(?:co-?)?chairs?|(?:co-?)?chaired|leads?|trains?|trained|runs?|represents?|represented|presents?|presented|launched|interviewed|inspected|sits?\s+on|sat\s+on|signs?|"
    r"manages?|meets?|speaks?|spoke\s+(?:at|to|for|about)|acts?\s+for|holds?\s+the\s+(?:delegated|lead|portfolio|post|contract)|carried\s+out\s+the|took\s+part|works\s+with|(?:now\s+)?works?\s+for\s+us|joins?\s+us|joined\s+(?:us|the)|retired|"
    r"checks?|reads?|designed|helps?\s+us|helped\s+to\s+(?:write|design|choose|appoint)|won\s+the|planned\s+the|oversees?|took\s+over|(?:would|will)\s+(?:lead|chair)|reports?\s+to|supervises?|teaches|has\s+(?:trained|met|led|chaired|worked|reached)|"
    r"wrote\s+the\s+(?:foreword|chapter|report)|visits?\s+(?:all|each|every|schools|teams|children|families)|told\s+(?:the\s+)?(?:headteachers|councillors|executive|leaders|conference|delegates|chiefs?)|"
    r"(?:has|have)\s+been\s+the|(?:was|were)\s+(?:elected|appointed|chosen)\s+(?:to|as)|(?:(?:has|have)\s+been|is|are|was)\s+(?:chair|in\s+post|(?:on|in)\s+(?:our|the)\s+(?:\w+\s+){0,2}(?:board|panel|council|cabinet|forum|parliament|executive|group)))\b"
    rf"(?!\s+(?:(?:to|with|for)\s+)?(?:his|her|their)\s+(?:\w{{1,20}}\s+)?(?:{_KIN}|social\s+worker|foster\s+\w+)\b|\s+(?:away|off|from\s+home)\b)"
)
"""What somebody does in a role, but not "meets her father" or "runs away": that is a child."""

ORGANISATION_BEFORE = re.compile(
    r"\b(?:St|Saint|Queen|King|Prince|Princess|Lady|Lord|Operation|Project|Team|Cohort|Class|Ward|Storm)\.?\s+$|\b(?:tool|groups?|programme|scheme|briefing|unit|model|app|film|play|puppet|book|team|project|campaign|event|room|dog|course|review)\s+(?:is\s+|was\s+)?(?:(?:called|named|known\s+as)\s+)?[“\"'‘]?(?:The\s+|Think\s+)?$"
)
ORGANISATION_AFTER = re.compile(
    r"[’']s\s+(?:[Ll]aw|[Rr]ule|Place|numbers?|rates?|share|average|figures|hubs?|schools|residents|population)\b|\s+(?i:law|rule|foundation|centre|center|project|house|trust|school|academy|hospital|primary|high\s+school|junior|infants?\s+school|college|"
    r"award|prize|report|inquiry|solicitors|method|model|family\s+of\s+schools|ward|beds|road|street|close|lane|avenue|square|way|court|park|hub|unit|charity|appeal|fund|suite|place|youth\s+centre|voices|lecture|memorial|programme|test|scale|clinic|clinics|agreement|protocol|arrangements?|contract|partnership|charter|compact|database|building|heads|headteachers|governors|councillors|officers|residents|valley|villages?|district|locality)\b"
)
COUNTED_AFTER = re.compile(
    r"\s*[,(]\s*\d{1,4}\s+(?!and\b|years?\b|months?\b|weeks?\b|yrs?\b|y/?o\b|from\b|of\b|in\b|at\b)[a-z]+"
)

PUBLISHED = re.compile(
    r"\bnational\s+(?:panel[’']?s?\s+)?(?:child\s+safeguarding\s+(?:practice\s+)?)?reviews?\b|\b(?:national|review)\s+panel[’']s\s+(?:report|review)|\b(?:public|statutory|national|independent)\s+inquiry\b|\bpanel[’']s\s+(?:report|review)\b|"
    r"\bpublished\s+(?:\w+\s+){0,3}(?:reviews?|report|lcspr|scr|inquiry)\b|\b(?:reviews?|report|lcsprs?|scr|inquiry)\b[^.;]{0,160}\bpublished\b|\bchild\s+protection\s+in\s+england\b|"
    r"\b(?:reviews?|inquiry|report)\s+into\s+the\s+(?:murders?|deaths?|killings?)\s+of\b|\bpanel[’']s\s+(?:national\s+)?(?:review|report)\b",
    re.I,
)
UNPUBLISHED = re.compile(
    r"\b(?:not|never|cannot|can[’']t|un|yet\s+to)\s*(?:be\s+|been\s+|yet\s+|to\s+be\s+|for\s+)?publi(?:shed|sh|cation)|\bunpublished\b|\bin\s+draft\b|\bdraft\b|\bconfidential\b|\bbefore\s+it\s+is\s+published\b|\brapid\s+review\b",
    re.I,
)
NAMED_REVIEW = re.compile(
    r"\s+(?:(?:national|public|published|serious\s+case)\s+)?(?:review|inquiry|report)\b", re.I
)
REVIEW_OF = re.compile(
    rf"(?i:\b(?:reviews?|inquiry|report)\s+(?:of|into|about)\s+(?:the\s+)?(?:(?:deaths?|murders?|killings?|cases?)\s+of\s+)?)"
    rf"(?:{_FULL}\s*(?:,\s*\d{{1,2}}|\(\d{{1,2}}\))?\s*(?:,|and|&|,\s+and)\s+)?$"
)
"""Before a name: it is the child of a review, as in "the national review of the death of Ada Moss"."""
PSEUDONYM = re.compile(
    r"\bpseudonym|\bnot\s+(?:his|her|their|the\s+child[’']s|a)\s+real\s+name|\bnames?\b[^.;]{0,40}\b(?:been|are|is|were)\s+(?:changed|not\s+real)\b|\banonymised\s+name|\bpublished\s+serious\s+case\s+review\s+known\s+as\b",
    re.I,
)

_HIS = (
    r"(?:death|murder|suicide|exclusion|injur(?:y|ies)|bruis(?:e|es|ing)|burns?|wounds?|fractures?|overdose|self-harm(?:ing)?|abuse|neglect|rape|assault|story|case|chronology|plan|placement|"
    r"referral|contact|file|records?|social\s+worker|worker|school|teacher|gp|health\s+visitor|headteacher|foster|phone|home|adoption|care|medical|autism|disability|diagnosis|pregnancy|arrest|bed|"
    r"disclosure|allegation|early\s+help|child\s+protection|strategy|birth|birthday|(?:one|two|three|four|five|six|seven)?\s*children|missing)"
)
_OF_MANY = r"(?!\s+(?:and\s+baby|policy|policies|audits?|forum|unit|service|team|strategy|panel|group|for\s+20|network|system|data|conference)|[’']\s)"
OWNED = re.compile(
    rf"[’']s?\s+(?:own\s+|late\s+|first\s+|new\s+|last\s+|older\s+|younger\s+|little\s+|unborn\s+)?(?:{_KIN}|{_HIS})\b{_OF_MANY}",
    re.I,
)
OWNED_BY_SOMEBODY = re.compile(
    rf"[’']s?\s+(?:own\s+|late\s+|little\s+)?(?:mum|mam|mother|dad|father|step-?\w+|death|murder|suicide|exclusion|injuries|bruis\w+|burns|overdose|self-harm\w*|little\s+\w+|(?:brother|sister|uncle|aunt|nan|gran|grandad)|pregnancy|birthday|social\s+worker)\b{_OF_MANY}",
    re.I,
)
"""What a person alone has, where OWNED may be a town's: for words that are not known as given names."""
_SUFFERED = (
    r"(?:excluded|suspended|expelled|killed|murdered|stabbed|shot|injured|hurt|burned|burnt|shaken|beaten|bruised|hit|abused|neglected|groomed|exploited|trafficked|raped|assaulted|sold|arrested|remanded|charged|"
    r"convicted|jailed|sentenced|taken|removed|adopted|fostered|evicted|deported|pregnant|missing|found|born|restrained|searched|known\s+to|subject\s+to|home\s+educated|self-harming|sleeping|living|not\s+in\s+school|"
    r"not\s+seen|never\s+(?:seen|asked)|left\s+(?:alone|at|in|with)|carrying|scared|weighed|admitted|sectioned|sexually|criminally|permanently|being\s+(?:groomed|exploited|abused|hurt|beaten|criminally|sexually)|moved\s+(?:out|from|to|eleven|\w+\s+times)|"
    r"placed\s+(?:with|in\s+(?:care|foster|a\b)|out|\d+|away|at)|sent\s+home|on\s+(?:a\s+|child|cp|cin|the\s+(?:child|register)))"
)
BEFELL = re.compile(
    rf"(?:\s+and\s+(?:(?:his|her)\s+\w+|{_FULL}))?(?:\s*,[^,.;]{{1,60}},)?\s+(?:(?:was|were|is|are|has\s+been|had\s+been|have\s+been|has\s+not\s+been|had\s+not\s+been|got|being)\s+(?:(?:also|later|then|again|first|only|already|twice|both|himself|herself|now)\s+)?{_SUFFERED}"
    r"|(?:died|disclosed|overdosed|self-harmed|absconded|ran\s+away|went\s+missing|took\s+(?:an\s+overdose|(?:his|her|their)\s+own\s+life)|lost\s+(?:three|two|a|his|her)|stopped\s+(?:eating|speaking|going)|"
    r"lives?\s+with|lived\s+(?:with|in)|attends|refused\s+to|had\s+(?:been|no|told|already|(?:\w+\s+)?(?:fractures|bruises|injuries|burns|missing))|has\s+(?:a\s+(?:learning|disability|restraining|child)|been|no\b|not\b|had|\w+\s+(?:recorded\s+)?missing)|"
    r"turned\s+(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen)|told\s+(?:her|his|the|two|a|us|police|school|that)|said\s+(?:to|that)|asked\s+(?:us|for)|uses\s+(?:heroin|crack|drugs)))\b",
    re.I,
)
TOLD_US = re.compile(r"\s+(?:told|asked)\s+us\b")
BEFELL_SOMEBODY = re.compile(
    r"\s+(?:(?:was|is|has\s+been|had\s+been|has\s+not\s+been|had\s+not\s+been)\s+(?:(?:also|later|then|again|first|only|already|twice)\s+)?(?:excluded|suspended|expelled|killed|murdered|stabbed|shot|injured|hurt|burned|burnt|shaken|beaten|groomed|trafficked|raped|assaulted|"
    r"sold|arrested|remanded|jailed|taken\s+(?:into|to)|pregnant|permanently|sexually|criminally|restrained|born|adopted|removed\s+from|in\s+(?:prison|care|custody)|home\s+educated|placed\s+(?:with|in\s+(?:care|foster)|\d+\s+miles)|self-harming|scared|sleeping|1?\d(?=\s+when|[.,;]))|"
    r"died|disclosed|self-harmed|ran\s+away|went\s+missing|took\s+(?:an\s+overdose|(?:his|her|their)\s+own\s+life)|lives?\s+with\s+(?:his|her|an?)|attends|refused\s+to\s+go|stopped\s+(?:eating|speaking)|turned\s+1?\d|told\s+(?:her|his)|said\s+(?:her|his|she|he)|uses\s+(?:heroin|crack|drugs))\b",
    re.I,
)
"""What happens to a person alone, where BEFELL may be said of a town: for words that are not known as given names."""
ABOUT = re.compile(
    r"\b(?:death|murder|killing|suicide|abuse|neglect|rape|assault|exclusion|arrest|adoption|case|care|story|review|home|parents?|mother|father|mum|dad|baby|children|child|son|daughter|stepson|stepdaughter|siblings?|sister|brother|gp|guardian|placement|funeral|"
    r"pregnancy|unborn\s+baby|notes|records?|file|chronology|injuries|experience|bruising)\s+(?:of|for|about)\s+(?:both\s+)?$"
    r"|\b(?:referrals?|help|school|contacts?|concerns?|meetings?|discussions?|protection|plans?|lcspr|scr|review|conference|disclosure|calls?|bed|bruises)\s+(?:was\s+held\s+|held\s+|made\s+|received\s+)?(?:about|for|on|re|regarding|of)\s+$"
    r"|\b(?:happened\s+to|failed|hurt|killed|abused|groomed|hit|shook|shaken|raped|stabbed|found|saw|seen|see|asked|told\s+by|responsible\s+for|placed|excluded|moved|took|charged|lost|told|let|inquest\s+on|searched|search\s+for|re|missing|concerned\s+is|victim\s+(?:is|was)|interviewed|knew\s+that|known\s+that|told\s+that|case\s+study|case\s+example|sample\s+no\.?\s*\d*|without)[:,]?\s+$|\b(?:rapid\s+review|lcspr|scr|case\s+study|case\s+example|missing|children\s+reviewed|victims?|children)\s*[(:–-]\s*$"
    r"|\b(?:he|she|child|baby|boy|girl)\s+(?:is\s+|was\s+)?(?:called|named)\s+$|\b(?:child|boy|girl|baby|infant|toddler|pupil)\b[^.;]{0,25}\s(?:called|named)\s+$|\b(?:by\s+the\s+name\s+of|first\s+name|real\s+name,?|(?:his|her|child[’']s)\s+name\s+(?:is|was))\s+$",
    re.I,
)
RELATED = re.compile(
    rf"\b(?:(?:his|her|their|the|a|one|our)\s+)?(?:{_KIN}|boy|girl|child|pupil|victim|perpetrator|lodger|neighbour|offender|suspect|attacker|young\s+(?:person|carer|mother|father)|looked-after\s+child|care\s+leaver|baby|toddler|twins|mother\s+of\s+\w{{1,8}}|children|little)\s*[,(]?\s*$",
    re.I,
)
HINT = re.compile(
    r"\b(?:called|named|names?|happened|meetings?|discussions?|concerns?|case|child|boy|girl|pupil|victim|perpetrator|young|parents?|family|care\s+leaver|died|pregnant|turned|attends|told|refused|uses)\b",
    re.I,
)
"""Words without which no other pattern finds an unknown word to be a person's."""
EVENT = re.compile(
    r"\b(?:exclu(?:ded|sion)|di(?:ed|es)|dead|deaths?|kill\w*|murder\w*|stabb\w*|suicid\w*|overdos\w*|self-harm\w*|abus\w*|neglect\w*|groom\w*|exploit\w*|traffick\w*|rap(?:ed|ist)|assault\w*|convict\w*|hurt|hit|injur\w*|bruis\w*|burn(?:s|ed|t)|"
    r"fractur\w*|shak(?:en|ing)|shook|beat(?:en)?|pregnan\w*|arrest\w*|remand\w*|custody|prison|jailed|heroin|crack|wraps|knife|missing|taken|removed|placed|placement|adopt\w*|foster\w*|special\s+guardian\w*|care\s+(?:proceedings|order)|in\s+care|"
    r"(?:on|cp|cin|protection)\s+(?:a\s+)?plans?|cp\s+plan|s47|section\s+47|strat(?:egy)?\s+(?:mtg|meeting|disc\w*)|evict\w*|refuge|homeless|disclos\w*|lcspr|scr|inquest|coroner|offender|domestic|violen\w*|sexual\w*|police|hospital|"
    r"mum|mam|dad|mother|father|step-?\w+|sisters?|brothers?|siblings|uncle|aunt|nan|grandmother|grandad|baby|born|alone|lost|case|files?|chronology|referral\w*|social\s+worker|health\s+visitor|missing|scared|known\s+to|sold|found|slept|searched|visits|home\s+educated|on\s+plans)\b",
    re.I,
)
WHOSE_CHILD = re.compile(rf"\s*,\s+whose\s+(?:\w+\s+){{0,2}}{_KIN}\b", re.I)
WAS_A_CHILD = re.compile(
    r"\b(?:his|her|their|the|three|two|four|both)\s+(?:\w+\s+)?(?:baby|sons?|daughters?|children|child|boys|girls|stepson|stepdaughter)\b|\ball\s+\w+\s+children\b|[’']s\s+(?:\w+\s+)?(?:children|baby|twins|boys|girls|sons?|daughters?)\b|\b(?:lost|has)\s+a\s+(?:son|daughter|child|baby)\b|\bwhose\s+(?:\w+\s+){0,2}(?:baby|sons?|daughters?|children|child)\b|\bstep-?(?:son|daughter)\b",
    re.I,
)

FAMILY = re.compile(
    rf"(?P<the>\b(?:(?i:the|both|two|three|four|five|all|these|those)\s+){{1,2}})?\b(?P<name>{_WORD})\s+(?P<what>family|family[’']s|siblings|children|kids|brothers|sisters|girls|boys|twins|household|baby|babies|case|sibs)\b(?![’']|\s+of\s+schools|\s+(?:centre|audit|survey|group|work|hub|panel)s?\b)"
)
AGES_AFTER = re.compile(r",?\s*\(?\s*(?:aged\s+|both\s+)?1?\d(?:,\s+1?\d)*,?\s+and\s+1?\d\b(?!\s*%)")
"""The ages of several children, after "the Marrow boys"."""
FAMILY_OF_MANY = re.compile(
    r"\b[Tt]he\s+(?P<name>[A-Z][\w-]{2,40}s)\s+(?:had|have|lost|were|what|took|moved|to|how|about|when|whether)\b"
)
OF_A_PEOPLE = re.compile(
    r"(?:ish|ese|ian|ean|can|pali|raqi|deshi|stani|mali|hani|sraeli|nch|tch|elsh|ern|roma|muslim|gypsy|traveller|jewish|sikh|hindu|refugee|deaf)$",
    re.I,
)

_AGE_WORD = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen)"
_AGED = (
    rf"(?:,?\s*\(\s*(?:aged\s+)?1?\d\s*(?:months|weeks|yrs?|years)?\s*[,)]|,\s+(?:aged\s+|now\s+|then\s+|who\s+is\s+|who\s+was\s+|only\s+)?(?:1?\d|{_AGE_WORD})(?:\s+(?:months|weeks|yrs?|years?)(?:\s+old)?)?(?=\s*[,.;:)]|\s+and\b|\s+from\b|\s+of\b|$)"
    rf"|,?\s+(?:is\s+|was\s+)?an?\s+(?:1?\d|{_AGE_WORD})[-\s](?:years?|months?|yr)[-\s]old\b|,\s+who\s+is\s+1?\d\b|[’']s\s+story:\s+1?\d\b|\s+(?:is|was)\s+1?\d(?=[.,;]|\s+when)|,\s*1?\d\s*yo\b)"
)
_AGE = rf"(?:1?\d|{_AGE_WORD})"
AGE_AFTER = re.compile(
    rf"\s*[,([–-]?\s*(?:who\s+(?:is|was)\s+(?:now\s+|only\s+|just\s+)?{_AGE}\b(?!\s*(?:%|[\w-]*(?:miles|metres)))|(?:just|only|nearly|almost|not\s+yet)\s+{_AGE}\s*[,)]"
    rf"|an?\s+(?:girl|boy|child|baby|toddler)\s+of\s+{_AGE}\b|{_AGE}\s+(?:months|weeks|yrs)\s*[,)–\]-])"
)
AGE_BEFORE = re.compile(
    rf"(?:(?:^|[,;]\s+)(?:[Aa]t|[Aa]ged|[Tt]hen|[Jj]ust|[Oo]nly|[Nn]early)\s+{_AGE}|\b(?:girl|boy|child|baby|toddler|pupil)\s+of\s+{_AGE}|\b{_AGE}[\s-](?:years?|months?)[\s-]old),\s+$"
)
"""An age as it is said of a person alone, for words that are not known as given names."""
INITIAL = re.compile(
    rf"(?P<before>(?:^|[.;:!?•]\s+|[,(]\s*|\b(?:by|from|of|about|for|with|that|and|as|to|is|was|in|with|heard|met|saw|cousins?|brothers|sisters|siblings|children|girl|boy|initials?)[,:]?\s+))(?P<name>[A-Z](?:\.?\s?[A-Z])?\.?)(?P<aged>{_AGED})",
    re.MULTILINE,
)
KNOWN_BY_LETTER = re.compile(
    r"\b(?:known\s+(?:here\s+)?as|called\s+here|whom\s+we\s+call|we\s+call)\s+(?P<name>[A-Z])\b(?!\w)"
)
LETTER_AS_SUBJECT = re.compile(
    r"(?:^|[.;:]\s+)(?P<name>[B-HJ-Z])\.?(?=\s+(?:lives?|was|is|has|had|told|said|from)\b)", re.MULTILINE
)
LETTER_BETWEEN_COMMAS = re.compile(r",\s+(?P<name>[A-Z]),")
LETTERS = (KNOWN_BY_LETTER, LETTER_BETWEEN_COMMAS, LETTER_AS_SUBJECT)
"""A letter in place of a name, where a child's age and a place are near."""
CHILDS_AGE = re.compile(r"\b1?\d[-\s](?:year|month)s?[-\s]old\b|\b(?:aged|is|was)\s+1?\d\b(?!\s*%)", re.I)
PLACE = re.compile(
    rf"\b(?:[Ff]rom|[Ii]n|[Oo]f|[Aa]t|[Nn]ear|[Oo]n)\s+(?:the\s+)?{_WORD}|,\s*{_WORD}|\(\s*1?\d\s*,\s*{_WORD}|{_WORD}\s+(?:estate|road|farm|street|village|flats|Estate|Road|Farm|Street)\b"
)
