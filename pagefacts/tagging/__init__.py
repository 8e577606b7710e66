"""Names in the text. ``base.py`` says what a tagger is; each other module is one."""
