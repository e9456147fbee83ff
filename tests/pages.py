"""Explorers on a page of their own, without a kernel: the model is a dictionary that tells when it is changed."""
import json

from rnn_lib.explorers import Explorer

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>explorers</title><style>{css}</style><body><main></main>
<script type="module">
{js}
window.models = {states}.map(state => {{
    const heard = {{}}, element = document.querySelector("main").appendChild(document.createElement("div"));
    const model = {{ state, get: name => state[name], set(name, value) {{ state[name] = value; }}, saved: 0,
        save_changes() {{ this.saved += 1; }}, on(name, act) {{ (heard[name] ??= []).push(act); }}, off() {{}},
        receive(changes) {{                                          // what Python sends
            Object.assign(state, changes);
            for (const name in changes) for (const act of heard[`change:${{name}}`] ?? []) act();
        }} }};
    model.close = render({{ model, el: element }});
    return model;
}});
</script>"""


def page_with(window, *explorers):
    """A new tab with the explorers on it; .complaints is what the browser said of them."""
    states = [{name: getattr(explorer, name) for name in Explorer.class_own_traits(sync=True)} for explorer in explorers]
    tab = window.new_page()
    tab.set_default_timeout(20_000)
    tab.complaints = []
    tab.on("pageerror", lambda error: tab.complaints.append(str(error)))
    tab.on("console", lambda message: tab.complaints.append(message.text) if message.type == "error" else None)
    module = str(Explorer._esm).replace("export default", "const module =")
    tab.set_content(PAGE.format(css=Explorer._css, js=module, states=json.dumps(states).replace("<", "\\u003c")))
    tab.wait_for_function(f"document.querySelectorAll('.rnn figure').length === {len(explorers)}")
    return tab
