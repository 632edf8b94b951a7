"use strict";
{
  const root = document.documentElement;
  const theme = document.getElementById("theme");
  theme.hidden = false;
  theme.addEventListener("click", () => {
    const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    root.dataset.theme = (root.dataset.theme || system) === "dark" ? "light" : "dark";
  });

  const closed = [];
  addEventListener("beforeprint", () => {
    for (const part of document.querySelectorAll("details:not([open])")) {
      part.open = true;
      closed.push(part);
    }
  });
  addEventListener("afterprint", () => {
    for (const part of closed.splice(0)) part.open = false;
  });

  const form = document.getElementById("filters");
  if (form) {
    const cards = Array.from(document.querySelectorAll("article.finding"));
    const texts = new Map();
    const text = (card) => {
      if (!texts.has(card)) texts.set(card, card.textContent.toLowerCase());
      return texts.get(card);
    };
    const fits = (card, wanted) =>
      wanted.severities.has(card.dataset.severity) &&
      (!wanted.family || card.dataset.family === wanted.family) &&
      (!wanted.rule || card.dataset.rule === wanted.rule) &&
      card.dataset.path.toLowerCase().includes(wanted.path) &&
      (!wanted.text || text(card).includes(wanted.text));
    const apply = () => {
      const given = new FormData(form);
      const wanted = {
        severities: new Set(given.getAll("severity")),
        family: given.get("family"),
        rule: given.get("rule"),
        path: given.get("path").trim().toLowerCase(),
        text: given.get("text").trim().toLowerCase(),
      };
      let number = 0;
      for (const card of cards) {
        card.hidden = !fits(card, wanted);
        if (!card.hidden) number += 1;
      }
      document.getElementById("shown").value = `${number.toLocaleString("en")} of ${cards.length.toLocaleString("en")} shown`;
      document.getElementById("none").hidden = number > 0;
    };
    form.addEventListener("input", apply);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(apply));
    form.hidden = false;
    apply();
  }
}
