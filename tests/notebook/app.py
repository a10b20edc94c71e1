"""A marimo app with the page of a comparison: what is selected is read, and set, in Python."""

import marimo

app = marimo.App()


@app.cell
def _():
    import os

    import marimo as mo

    import emblink as eb

    comparison = eb.open(os.environ["EMBLINK_BUNDLE"])
    widget = comparison.widget(theme="light")
    get_selected, set_selected = mo.state([])
    widget.observe(lambda change: set_selected(change["new"].tolist()), names="selection")
    page = mo.ui.anywidget(widget)
    return get_selected, mo, page, widget


@app.cell
def _(page):
    page
    return


@app.cell
def _(get_selected, mo, widget):
    mo.md(f"SELECTED {len(get_selected())} {widget.n_selected} {int(widget.mask.sum())}")
    return


@app.cell
def _(mo):
    three = mo.ui.run_button(label="Select three")
    three
    return (three,)


@app.cell
def _(three, widget):
    if three.value:
        widget.selection = ["item-001", "item-002", "item-003"]
    return


if __name__ == "__main__":
    app.run()
