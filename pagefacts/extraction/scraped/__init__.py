"""Scraped text: header and body of an article between its page's boilerplate, line by line."""
