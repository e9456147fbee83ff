"""Exercises of lesson 11: ten sick backward passes to name and to cure."""
import html
import re
from functools import cache
from typing import NamedTuple

import numpy as np

from ..bptt import bptt
from ..clinic import DEFINITION, MISTAKES, RECURSION, Diagnosis, diagnose
from ..clinic.networks import networks, tried
from ..definition import bptt_by_definition
from ..diagrams.wording import listed, title
from .kit import Exercise, Verdict, blank, right, wrong

KNOWN = {mistake.name: mistake for mistake in MISTAKES}
NAMES = tuple(KNOWN)
EQUATION = re.compile(r"(?:eq\w*\.?|line|formula)? *\((\d+)\)|eq\w*\.? *(\d+)", re.IGNORECASE)
NUMBER = re.compile(r"(?:number|no\.?|#|\s)*(\d+)(?:\.0?)?\s*", re.IGNORECASE)
GRADIENT = re.compile(r"\s*d?([VWU]|b_[hy])\s*")
NO_MESSAGE = re.compile(r"\s*((no|missing|lost) horizontal( term)?|horizontal( is)? (missing|lost))\s*", re.IGNORECASE)
PLAIN = str.maketrans({**dict(zip("ₜ₋₊₀₁−", "t-+01-", strict=True)), "²": "^2"})
HOLLOW = {"missing", "forgot", "forgotten", "for", "in", "on", "sum", "sums", "term", "step"}     # they name no mistake
SYNONYMS = {r"^ *((no|missing|forgot|lost) W|W (is )?(missing|forgotten|lost)) *$": "horizontal term dropped",
            r"^ *(no sums?|(the )?sums? (is |are )?missing|missing sums?) *$|.*\bnot (summed|added up)\b.*": "= for +=",
            r"\bhorizontal part\b": "horizontal term", r"\btranspose of W\b": "transpose",
            r"^ *x (is )?shifted *$": "for x_t in dV", r"^ *dh for da *$": "f' forgotten on the way back",
            r"^(?!.*(f'|tanh|slope|transpos))(?=.*(message|da_next|term in dh|W(\.T|\^?T|ᵀ|')? ?@? ?da))"
            r"(?=.*(not added|forg|miss|no mess|no da)).*": "horizontal term dropped",
            r".*\bW(\.T)? (should|must|needs to)( not)? be (da_next @ )?(W\b|transposed).*": "transpose missing",
            r"^ *transposed W *$|.*\b(wrong transpose in (the )?message|transpose too many).*": "transpose missing",
            r"^(?=.*\b(step 1|first step|t ?= ?1|range|loop)\b)(?=.*\b(miss|reach|never|left|early)).*":
            "loop stops before step 1",
            r".*\bx\[t-2\].*|.*\bx of the previous step.*": "x_{t-1} for x_t",
            r".*\bdU\b.*(\bprevious|h\[t-1\]|h_\{?t-1).*": "h_{t-1} for h_t in dU",
            r".*\bdh (is )?(passed|sent) back.*|.*(f'|tanh'?)(?=.*(message|horizontal|back)).*": "f' forgotten on the way back",
            r".*\b(jacobian|product)s?\b.*\border.*": "Jacobians in the wrong order",
            r".*\btotal\b.*\bpartial\b.*": "total derivative taken for the immediate one",
            r"\btranspose (is )?wrong\b|\bwrong transpose\b|\bW transposed.*": "transpose missing",
            r"only the diagonal.*|misses W.*da.*": "horizontal term dropped",
            r"\b(dropped|forgot\w*|omitted|lost)\b": "missing", r"\bslope\b": "f'",
            r"\b(W )?not transposed\b|\bneeds W\.T": "transpose missing",
            r"\b(da_next|message|from_next)\b( ?@ ?W\b)?": "horizontal term", r"\b(W for )?W\.T\b( for W)?": "transpose missing",
            r"\+= missing|missing \+=?|assignment\b.*": "= for +=", r"\bonly (the )?last (term|step|use)\b": "= for +=",
            r"\b(not accumulated|no accumulation|plus missing|missing plus)\b": "= for +=",
            r"\b(recurrent|temporal)( term| part)?\b|\bpart from (the )?next( step)?\b|W(\^?T|ᵀ|') ?da(_\S+)?": "horizontal term",
            r"\b(no|unused|not used)\b": "missing", r"\bpath\b": "term"}
PATIENTS = (
    "horizontal term dropped", "transpose missing in the horizontal step", "= for +=", "h_{t-1} for h_t in dU",
    "h_t for h_{t-1} in dW", "the loop stops before step 1", "x_{t-1} for x_t in dV", "f' forgotten on the way back",
    "Jacobians in the wrong order", "total derivative taken for the immediate one")


GROUPS = {       # of the list: the first name of each, and its heading
    "horizontal term dropped": "What comes from another step", "f' forgotten": "The slope",
    "h_t for h_{t-1} in dW": "A factor of a sum", "= for +=": "The sums, the losses, the loop",
    "Jacobians in the wrong order": "The product in (8)"}
HALF = "half of it is done"


class Patient(NamedTuple):
    """A sick backward pass as it is brought in: what the check says of it, and its text. Not its name."""
    number: int
    symptoms: Diagnosis
    at_one: str            # how it does on a sequence of one step
    source: str

    def __repr__(self):
        return f"patient {self.number}\n{self.symptoms.as_text('its')}\n{self.at_one}\n\n{self.source}"

    def _repr_html_(self):
        drawn = f"<code>explorers.audit(check.patient({self.number}))</code> draws it."
        symptoms = self.symptoms.as_html("its", drawn, self.at_one)
        return (f"<div style='display:flex;flex-wrap:wrap;gap:32px'>"
                f"<div style='width:24em'>{symptoms}</div>"
                "<details style='min-width:0'><summary>the code, when you have said which equation you suspect</summary>"
                f"<pre style='padding:4px 12px;overflow-x:auto'>{html.escape(self.source)}</pre></details></div>")


def patient(number):
    """Patient 1 to 10: which gradients are right and which wrong, how often each term is in its dW, and its code.

    raises: ValueError for another number
    """
    if number not in range(1, len(PATIENTS) + 1):
        raise ValueError(f"there are patients 1 to {len(PATIENTS)}, got {number!r}")
    mistake = KNOWN[PATIENTS[number - 1]]
    at_one = "At T = 1: wrong as well." if _wrong_at_one(mistake.backward) else "At T = 1: all five are right."
    found = _symptoms(mistake.name)
    silent = ("dW is right: no triangle needed." if "W" in found.right else
              "dW is no sum of whole terms C[t,k]: no triangle." if found.weights is None else "")
    return Patient(number, found._replace(names=(), message=silent, layers=[]), at_one, mistake.source)


class MistakeList(str):
    """The names of all known mistakes, numbered. A notebook shows them in groups, in two columns, each with its code to open."""

    __repr__ = str.__str__

    def _repr_html_(self):
        def opened(mistake):
            wrong_lines = html.escape("\n".join(line for line, _ in mistake.slips))
            return (f"<li><details><summary>{html.escape(title(mistake.name))}</summary>"
                    f"<pre style='margin:0;white-space:pre-wrap'>{wrong_lines}</pre></details></li>")
        starts = [*map(NAMES.index, GROUPS), len(NAMES)]
        lists = [f"<div style='break-inside:avoid'><b>{head}</b><ol start='{start + 1}' style='margin:0 0 .7em;"
                 f"padding-left:2.5em'>{''.join(map(opened, MISTAKES[start:end]))}</ol></div>"
                 for head, start, end in zip(GROUPS.values(), starts, starts[1:], strict=False)]
        return f"<div style='columns:20em 2;max-width:none'>{''.join(lists)}</div>"


def mistake_list():
    """The names of all known mistakes, numbered, as text; in a notebook with the lines that are wrong."""
    return MistakeList("\n".join(f"{i:2}  {title(name)}" for i, name in enumerate(NAMES, 1)))


@cache
def _symptoms(name):
    return diagnose(KNOWN[name].backward)


def find_name(answer):
    """The names on the list that an answer can mean.   answer: a number of the list, a name, a line, or some words of one"""
    if alone := NUMBER.fullmatch(str(answer)):
        number = int(alone[1])
        return [NAMES[number - 1]] if 1 <= number <= len(NAMES) else []
    found = _found(answer)
    return found if len(found) > 1 or (found and _has_substance(answer, found[0])) else _found(answer, freely=True)


def _found(answer, freely=False):
    """The names that are the words of an answer, or begin with them, or have them in any order.   freely: or words like them"""
    words, names = _words(_unnumbered(answer), freely), {name: _words(name, freely) for name in NAMES}
    exact = [name for name in NAMES if names[name] == words]
    ordered = [name for name in NAMES if words and _in_order(words, names[name])]
    return exact or ordered or [name for name in NAMES if words and all(_in_order([word], names[name]) for word in words)]


def _unnumbered(answer):
    """A line of the list without its number; what is overwritten, but not on the way forward, is = for +=."""
    if NO_MESSAGE.fullmatch(str(answer)):
        return "horizontal term dropped"
    return re.sub(r"^(?!.*forward).*\boverwr.*", "= for +=", re.sub(r"^\s*\d+[.:]?\s", "", str(answer)), flags=re.IGNORECASE)


def _in_order(words, name):
    """Whether the words begin words of the name, in its order."""
    rest = iter(name)
    return all(any(whole.startswith(word) for whole in rest) for word in words)


def _words(text, freely=False):
    text = re.sub(r"\b(instead|in place) of\b", "for", text, flags=re.IGNORECASE)
    for said, meant in SYNONYMS.items() if freely else ():
        text = re.sub(said, meant, text, flags=re.IGNORECASE)
    text = re.sub(r"\b(the|a|an|is|was|are|were|has|been|of)\b", " ", text.translate(PLAIN).lower())
    return re.sub(r"[{}()\[\]_'’′\"«».,;:!?]", "", text).split()


def _exercise(number):
    mistake = KNOWN[PATIENTS[number - 1]]
    def judge(*answers):
        verdict = blank()
        for answer in answers:
            verdict = _cured(mistake, answer) if callable(answer) else _named(mistake, answer)
            if not (verdict.ok or verdict.message.startswith(HALF)):
                return verdict
        return verdict
    healthy = DEFINITION if "for i in range" in mistake.source else RECURSION
    return Exercise(judge, [mistake.question, mistake.hint, f"The term: {mistake.term}.", f"The line reads: {mistake.line}"],
                    f"# It was: {mistake.name}\n{healthy}\nmy_answer = bptt")


def _named(mistake, answer):
    answer = int(answer) if isinstance(answer, float) and answer.is_integer() else answer
    if isinstance(answer, bool) or not isinstance(answer, str | int | np.integer) or not str(answer).strip():
        return _not_understood("give a name from the list (or its number), or a function that you have cured")
    if line := next((line for line, _ in mistake.slips if line and _plain(line) in _plain(answer)), ""):
        return Verdict("not yet right", f"«{line}»: that is the line. Which name on the list says what is wrong with it?")
    if equation := EQUATION.fullmatch(str(answer).strip()):
        n = equation[1] or equation[2]
        if f"({n})" not in mistake.term:
            return wrong(f"not ({n}): which gradients does it make, and are they wrong?")
        return Verdict("not yet right", f"yes, ({n}): which part of it is wrong, and what stands there? Give its name")
    if gradient := GRADIENT.fullmatch(str(answer)):
        return _only_a_symptom(gradient[1], mistake)
    found = find_name(answer)
    if not found and NUMBER.fullmatch(str(answer)):
        return _not_understood(f"the list runs from 1 to {len(NAMES)}: check.mistake_list() shows it")
    if not found or (len(found) == 1 and not _has_substance(answer, found[0])):
        return _not_understood(f"{answer!r} fits no name of the list; check.mistake_list() shows it. You may be right: "
                               "give the number of the name that says what you mean")
    if len(found) > 6:
        return _not_understood(f"{answer!r} fits {len(found)} names of the list: say more, or give the number")
    if len(found) > 1:
        return _not_understood(f"{answer!r} fits several names: {'; '.join(found)}. Say more, or give the number")
    if found[0] == mistake.name:
        return Verdict("not yet right", f"{HALF}: the name is right, «{mistake.name}». Now cure it: copy its code, "
                       "correct it, and hand in my_answer = bptt")
    reason = _reason(KNOWN[found[0]], mistake)
    if _words(found[0]) in (_words(str(answer)), _words(_unnumbered(answer))) or NUMBER.fullmatch(str(answer)):
        return wrong(f"not «{found[0]}»: {reason}")
    return _not_understood(f"{answer!r} could mean «{found[0]}», which it is not: {reason}. If you mean another, give its number")


def _has_substance(answer, name):
    """Whether a word of the answer that says something is a word of the name."""
    words = {*_words(_unnumbered(answer)), *_words(_unnumbered(answer), freely=True)} - HOLLOW
    return bool(NUMBER.fullmatch(str(answer))) or any(
        whole == word or (len(word) > 2 and whole.startswith(word))
        for word in words for whole in {*_words(name), *_words(name, freely=True)})


def _only_a_symptom(gradient, mistake):
    """Of the name of a gradient, which says where a mistake shows, not what it is."""
    if gradient in _symptoms(mistake.name).wrong:
        return Verdict("not yet right", f"d{gradient} is wrong, yes: what is wrong in what makes it? Give a name of the list")
    return wrong(f"d{gradient} is right here: the symptoms say so")


def _plain(line):
    """A line of code without its spaces."""
    return "".join(str(line).split())


def _not_understood(message):
    """For words that may be a right diagnosis under another name: nothing is judged."""
    return Verdict("not understood", message)


def _reason(named, mistake):
    """Why the symptoms are not those of the mistake that was named."""
    theirs, ours = _symptoms(named.name), _symptoms(mistake.name)
    for would, here, some, others in (("spoil {} too", "right", theirs.wrong, ours.right),
                                      ("leave {} right", "wrong", theirs.right, ours.wrong)):
        if both := [name for name in some if name in others]:
            be = "is" if len(both) == 1 else "are"
            return f"that would {would.format(listed(both))}, and here {listed(both)} {be} {here}"
    if said := _other_terms(theirs.weights, ours.weights):
        return said
    if _wrong_at_one(named.backward) and not _wrong_at_one(mistake.backward):
        return "that would show at T = 1 already, and this one is right at T = 1"
    if named.term == mistake.term:
        return f"you are at the right term, {mistake.term}, but something else is done to it"
    if named.base is not mistake.base:
        what = "recursion over da" if named.base is RECURSION else "product of Jacobians"
        return f"that is a mistake in a {what}, and there is none here. Ask the code: «{mistake.question}»"
    return (f"the symptoms would be alike, so the code decides. Ask it: «{named.question}» "
            f"With that mistake it would read «{named.slips[-1][0]}»")


def _other_terms(theirs, ours):
    """Where two audits of dW differ, as a sentence; nothing when they do not."""
    if (theirs is None) != (ours is None):
        return ("that would leave dW a sum of whole terms C[t,k], and here it is no such sum: the terms themselves are off"
                if ours is None else
                "that would change the terms C[t,k] themselves, and here they are whole: only how often each is counted is off")
    if theirs is None or np.array_equal(theirs, ours, equal_nan=True):
        return ""
    t, k = np.argwhere(~np.isclose(theirs, ours, equal_nan=True))[0]
    return f"then C[{t + 1},{k + 1}] would {_times(theirs[t, k], 'be')} in dW, and here it {_times(ours[t, k], 'is')}"


def _times(weight, be):
    if weight == 0:
        return "not be counted at all" if be == "be" else "is not counted at all"
    return f"{be} counted {({1: 'once', 2: 'twice'}).get(float(weight), f'{weight:g} times')}"


def _wrong_at_one(backward):
    """Whether a backward pass is wrong on a network with one time step."""
    one = next(network for network in networks(seed=0) if len(network.do) == 1)
    return bool(tried(backward, one).off)


def _cured(mistake, function):
    found = diagnose(function)
    if found.status == "not attempted":
        return blank()
    if found.ok and function in (bptt, bptt_by_definition):
        return Verdict("not yet right", "that is the library's own function: which line of the patient was it?")
    if found.ok:
        line = "The line" if len(mistake.slips) == 1 else "One of the lines"
        return right(f"cured. It was «{mistake.name}»: {mistake.term}. {line} reads: {mistake.line}")
    if not found.wrong:
        return wrong(found.message)
    if mistake.name in found.names:
        return wrong(f"still sick, with the same mistake, in {listed(found.wrong)}. Ask yourself: {mistake.question}")
    now = f"another mistake now, «{'; '.join(found.names)}»" if found.names else "changed, and wrong in a way that is not known"
    return wrong(f"still sick: {now}, in {listed(found.wrong)}" + (f".\n{found.message}" if not found.names else ""))


q11_1, q11_2, q11_3, q11_4, q11_5, q11_6, q11_7, q11_8, q11_9, q11_10 = map(_exercise, range(1, 11))
