"""What a lesson says of its notebook, and what its page says in that place."""

SAID = {
    "**Shift+Enter** runs a cell and goes on to the next one; the menu *Run ▸ Run All Cells* runs them all. Begin with this one:":
        "On this page every cell has been run. Touch the drawings, and answer an exercise in its box.",
    "Press *next word* about ten times, or until the network writes a full stop.":
        "Press *Bring it alive* above the picture, then *next word* about ten times, or until the network writes a full stop.",
    "Press *next word* about ten times, or touch a word among the bars to choose it yourself.":
        "Press *Bring it alive* above the picture, then *next word* about ten times, or touch a word among the bars to choose "
        "it yourself.",
    "(The verdicts on your own answers are kept beside the lessons, in the file `progress.json`.)":
        "(The verdicts on your own answers are kept in this browser.)",
    "Put `check.q00_1.hint()` into a new cell (**+** above the page makes one): each call says a little more, first a question "
    "and at last the line.\n`check.q00_1.solution()` shows one answer. Every exercise has both.":
        "Press *Hint* below your answer: each press says a little more, first a question and at last the line.\n"
        "*Solution* shows one answer. Every exercise has both.",
    **{f"*Stuck?* `check.{name}.hint()` says a little more each time; `check.{name}.solution()` shows one answer.":
        "*Stuck?* Press *Hint* below your answer: each press says a little more. *Solution* shows one answer."
        for name in ("q01_1", "q02_1")},
    "*Stuck?* `check.q03_1.hint()` says a little more each time.":
        "*Stuck?* Press *Hint* below your answer: each press says a little more.",
    "copy the code into a new cell, correct it, run it, and set `my_answer = bptt`, the cured function.":
        "copy the code into the box of the answer, correct it, and end with `my_answer = bptt`, the cured function.",
    "Press ■ in the toolbar whenever you like: `with curve:` ends the loop there, and you lose nothing.":
        "(In a notebook, ■ in the toolbar ends the loop, and you lose nothing.)",
    "When you have written and run `my_bptt`, run the next cell. The clinic":
        "When you have run `my_bptt`, press ▶ Run in the next box. The clinic",
    "Your own wrong pass: `explorers.film(rnn.diagnose(my_bptt))`.":
        "In the notebook, `explorers.film(rnn.diagnose(my_bptt))` plays your own.",
    "Now you: start with any words, even some that *Alice* does not have.":
        "Now you: press *Bring it alive* above the picture, and wait a minute or two (where that button is missing, compare the "
        "texts above). Start with any words, even some that *Alice* does not have.",
    "1. Change a word in the box.": "1. Press *Bring it alive* above the picture. Then change a word in the box.",
    "In a box, ✓ counts the exercises of its lesson that you have right, and the line printed below names those still open. "
    "What you answer is kept in `progress.json` beside the lessons, on your machine only; delete that file to start anew.":
        "The exercises that you have right are counted on the front page. What you answer is kept in this browser only.",
    "Is your drawing on paper? Then open the output of the next cell and compare.":
        "Is your drawing on paper? Then open *what it draws* and compare.",
    "Then open the output of the next cell and compare.":
        "Then open *what it prints* and compare.",
    "Open the output above. It is the audit,": "Open *what it draws* above. It is the audit,",
}


def of_a_page(markdown):
    """The text of a cell as its page says it."""
    for notebook, page in SAID.items():
        markdown = markdown.replace(notebook, page)
    return markdown
