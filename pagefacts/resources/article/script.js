"use strict";
// Shows which words and which entry belong together. The page stands without it: see pagefacts/render/article.py.

const current = [];

function show(entry) {
  for (const element of current.splice(0)) element.classList.remove("current");
  if (!entry) return;
  current.push(entry, ...document.querySelectorAll(`a.fact[href="#${CSS.escape(entry.id)}"]`));
  for (const element of current) element.classList.add("current");
}

function bringIntoView(entry) {
  const facts = entry.closest(".facts");
  if (facts.scrollHeight <= facts.clientHeight) return; // below the text: there is nothing to bring beside it
  const [row, pane] = [entry.getBoundingClientRect(), facts.getBoundingClientRect()];
  if (row.top < pane.top || row.bottom > pane.bottom) facts.scrollTop += row.top - pane.top - pane.height / 3;
}

function pointedAt({ target }) {
  document.body.classList.remove("quiet");
  const words = target.closest?.("a.fact");
  const entry = words ? document.getElementById(words.hash.slice(1)) : target.closest?.("tr[id]");
  show(entry);
  if (words) bringIntoView(entry);
}

document.addEventListener("pointerover", pointedAt);
document.addEventListener("focusin", pointedAt);
document.addEventListener("keydown", ({ key }) => {
  if (key === "Escape") document.body.classList.add("quiet"); // until something else is pointed at
});
