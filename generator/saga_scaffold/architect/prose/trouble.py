"""What goes wrong, in the clause that names the case: `if the bags get stuck`, `when the buyer pulls out`."""

import re

from saga_scaffold.architect.prose.signs import FAILURE

_CASE = re.compile(
    r"^(?:(?:and|but|or|so|also|then),?\s+)?(?P<sign>if|when|whenever|should|in case(?: of| that)?|"
    r"in the event(?: of| that)?|once|"
    r"as soon as|unless|where|on|upon|after|were|had)\b(?P<case>[^,:]{3,140})",
    re.IGNORECASE,
)
_GOES_WRONG = re.compile(
    r"\b(?:turn(?:s|ed)?\b.{0,40}\bdown|call(?:s|ed)?\b.{0,40}\boff|f(?:all|alls|ell) (?:through|apart|over|"
    r"flat|short)|"
    r"(?:is|are|gets?|got|was|were|turns? out|comes? out|goes|go) (?:\w+ )?(?:stuck|jammed|lost|damaged|broken|"
    r"ill|sick|late|blocked|delayed|"
    r"cancelled|canceled|withdrawn|revoked|wrong|empty|full|missing|closed|gone|dead|down|offline|off|"
    r"short|negative|bad|invalid|stolen|"
    r"expired|taken|occupied|disputed|red|busy|false|void|overdue|exceeded|struck off|in doubt)|jam(?:s|med)?|"
    r"withdraws?|withdrew|vetoe?s|"
    r"vetoed|(?:pull|drop|back|opt)(?:s|ped|ed)? out|ha(?:s|ve) no|no (?:[\w-]+ ){1,3}(?:is|are|can|could|has|"
    r"have|was|were|comes?|turns?)|there (?:is|are) no|too (?:long|short|late|big|small|heavy|old|high|"
    r"low|few|many|little|much|expensive|slow|full)|not enough|no longer|shortage|lapse[sd]?|overr[ua]ns?|"
    r"objects?$|objected|protests?|"
    r"changes? (?:his|her|their|its) mind|cancels?|cancell?ed|cancellation|stops? (?:working|answering)|dies|"
    r"died|collapses?|bust|burns?|"
    r"misse[sd]|loses|lost|quits?|gives? up|walks? away|leaves (?:us|early)|deviat\w+|differs?|mismatch\w*|"
    r"alarm\w*|leaks?|spoil\w*|"
    r"contaminated|incomplete|unpaid|unsigned|unknown|unclear|unsafe|unfit|negative|blows? up|hangs?$|stall\w*|"
    r"drags? on|silent|storm|"
    r"strike|says? no|votes? against|sues?|disput\w+|bankrupt|insolven\w+)\b",
    re.IGNORECASE,
)


def trouble(text: str) -> bool:
    """Whether a sentence begins with a case in which something went wrong."""
    case = _CASE.match(text)
    return case is not None and bool(
        FAILURE.search(case["sign"] + case["case"]) or _GOES_WRONG.search(case["case"].strip())
    )


_TRAILING = re.compile(r",?\s+(?:if|when|whenever|in case|should|as soon as)\s+(?P<case>[^,]{3,120})")


def trailing_case(text: str) -> re.Match[str] | None:
    """The case behind the actions of a sentence: `the bags are sent back if customs finds a broken seal`."""
    return _TRAILING.search(text)


def goes_wrong(case: str) -> bool:
    """Whether the words name something that goes wrong: `limit too high`, `card lost`."""
    return bool(FAILURE.search(case) or _GOES_WRONG.search(case.strip()))
