"""Article bodies out of HTML: blocks, their model, and what kind of page it is."""
