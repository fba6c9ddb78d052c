"use strict";
/* What the other parts share. Text from outside gets into the page by `textContent` alone, and an address becomes a
   link only if it is a file beside the report or http(s). */
const report = (() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const works = new Map(data.works.map((one) => [one.id, one]));
  const pdfs = new Map(data.pdfs.map((one) => [one.id, one]));

  /** An element; children are elements and text, and what is null or "" is left out. */
  function make(name, attributes = {}, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value !== null && value !== undefined) element.setAttribute(key, value);
    }
    element.append(...children.flat().filter((one) => one !== null && one !== undefined && one !== ""));
    return element;
  }

  const isHarmless = (address) =>
    /^https?:\/\//i.test(address) || (!/^[a-z][a-z0-9+.-]*:/i.test(address) && !/^[/\\]/.test(address));

  function link(address, text, attributes = {}) {
    return address && isHarmless(address) ? make("a", { href: address, ...attributes }, text) : make("span", {}, text);
  }

  function state(name) {
    const look = data.looks[name];
    const mark = make("span", { class: "mark", "aria-hidden": "true" }, look.mark);
    return make("span", { class: `state ${name}` }, mark, ` ${look.name}`);
  }

  const many = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
  const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 1).trim()}…` : text);

  /** The words by which a work is told from others in little room: "Smith 2001". */
  function short(work) {
    const author = cut((work.authors || "").split(/[,;]/)[0], 20);
    return author ? `${author} ${work.year || ""}`.trim() : cut(work.title || `reference ${work.id}`, 24);
  }

  const named = (pdf) => pdf.title || pdf.name;
  const stateOf = (reference) => (works.get(reference.id) || { state: "untried" }).state;

  /** Where a copy, or a page that a person can open, is. */
  function copy(work) {
    if (work.file) return [link(work.file, "PDF", { "aria-label": `PDF of ${work.title || "this work"}` })];
    if (work.name) return [`${work.name} is not there`];
    const address = work.url || work.doi_url;
    const kind = work.url && !work.url.startsWith("https://doi.org/") ? "page" : "DOI";
    return address
      ? [link(address, kind, { rel: "noreferrer", "aria-label": `${kind} of ${work.title || "this work"}` })]
      : [];
  }

  function evidence(found) {
    if (!found) return null;
    const said = [`${found.decision} ${found.score.toFixed(2)} (${found.by})`];
    if (found.agree) said.push(`agree: ${found.agree}`);
    return said.join("; ");
  }

  /** What is said of each reference by the verdicts on its prints; the surest first. */
  const judged = new Map();
  for (const pdf of data.pdfs) {
    for (const one of pdf.references || []) {
      const known = judged.get(one.id);
      if (one.evidence && (!known || one.evidence.score > known.score)) judged.set(one.id, one.evidence);
    }
  }

  return { data, works, pdfs, judged, make, link, state, stateOf, short, cut, many, named, copy, evidence };
})();
