"use strict";
/* The list of the user's PDFs, and the page of one with its reference list as it is printed. */
report.lists = (() => {
  const { data, works, pdfs, make, link, state, stateOf, copy, many, named } = report;
  const { table, column, verdict, why } = report.tables;

  const counted = (pdf) => (pdf.references || []).length;

  /** "✓ 12  ○ 3", each with its words for who does not see the signs. */
  function outcomes(pdf) {
    return Object.entries(pdf.outcomes || {}).map(([name, count]) => {
      const look = data.looks[name];
      return make(
        "span",
        { class: `state ${name}`, title: look.meaning },
        make("span", { class: "mark", "aria-hidden": "true" }, look.mark),
        make("span", { class: "aside" }, `${look.name}: `),
        ` ${count} `,
      );
    });
  }

  function name(pdf) {
    const about = [(pdf.authors || []).join("; "), pdf.year, pdf.title ? pdf.name : ""].filter(Boolean).join(", ");
    return [
      make("a", { href: `#/pdf/${pdf.id}`, class: "title", dir: "auto" }, named(pdf)),
      make("div", { class: "soft" }, about),
    ];
  }

  const matched = (pdf) =>
    ["copy", "no-copy", "waiting"].reduce((sum, one) => sum + ((pdf.outcomes || {})[one] || 0), 0);
  const READ = { done: "read", failed: "not read", waiting: "waits" };

  const COLUMNS = [
    column("PDF", name, {
      text: (pdf) => [pdf.title, pdf.name, (pdf.authors || []).join(" ")].filter(Boolean).join(" "),
      order: (pdf) => named(pdf).toLowerCase(),
    }),
    column("References", (pdf) => String(counted(pdf)), { order: counted, number: true, name: "references" }),
    column("Matched", (pdf) => (counted(pdf) ? `${Math.round((100 * matched(pdf)) / counted(pdf))} %` : ""), {
      order: (pdf) => matched(pdf) / (counted(pdf) || 1),
      number: true,
      name: "matched",
    }),
    column(
      "Outcomes",
      (pdf) =>
        pdf.state === "done" && counted(pdf)
          ? make("span", {}, outcomes(pdf))
          : [READ[pdf.state], pdf.meaning ? `: ${pdf.meaning}` : ""],
      { sortable: false },
    ),
  ];

  let listed = null;
  function pdfsTable() {
    listed = listed || table("#pdfs-table", data.pdfs, COLUMNS, { pageLength: 100 });
    return listed;
  }

  /** What a reader of the list wants to know of a reference: the work and its copy, or why there is none. */
  function found(reference) {
    const work = works.get(reference.id);
    if (!work) return [];
    const isKnown = ["copy", "no-copy", "waiting"].includes(work.state);
    const parts = [
      isKnown
        ? make("p", {}, make("a", { href: `#/work/${work.id}` }, work.title || `reference ${work.id}`), " ", copy(work))
        : null,
    ];
    const reason = why(work);
    if (reason)
      parts.push(
        make(
          "p",
          { class: "why soft" },
          reason,
          isKnown ? "" : [" ", make("code", {}, `dl-lit ${work.state === "review" ? "review" : "why"} ${work.id}`)],
        ),
      );
    const judged = verdict(reference.evidence);
    return [...parts, judged ? make("p", { class: "soft" }, judged) : null];
  }

  function item(reference) {
    const label = reference.label || `${reference.number}.`;
    const place = reference.page ? make("span", { class: "soft" }, ` page ${reference.page}`) : null;
    return make(
      "li",
      {},
      make("div", { class: "label" }, label),
      make(
        "div",
        {},
        make("p", {}, state(stateOf(reference)), place),
        make("p", { dir: "auto" }, reference.printed),
        found(reference),
      ),
    );
  }

  function heading(pdf, level, attributes) {
    const about = [(pdf.authors || []).join("; "), pdf.year].filter(Boolean).join(", ");
    return [
      make(level, { ...attributes, dir: "auto" }, named(pdf)),
      make(
        "p",
        { class: "about" },
        about ? `${about}. ` : "",
        pdf.file ? link(pdf.file, pdf.name) : pdf.name,
        pdf.doi ? [", ", link(`https://doi.org/${encodeURI(pdf.doi)}`, pdf.doi, { rel: "noreferrer" })] : "",
      ),
      pdf.state === "done"
        ? null
        : make("p", { class: "note" }, [READ[pdf.state], pdf.meaning, pdf.detail].filter(Boolean).join(": ")),
    ];
  }

  function list(pdf) {
    if (!counted(pdf)) return pdf.state === "done" ? [make("p", {}, pdf.meaning || "It has no references.")] : [];
    return [
      make("p", {}, `${many(counted(pdf), "reference")}: `, outcomes(pdf)),
      make("ol", { class: "references" }, pdf.references.map(item)),
    ];
  }

  /** The page of one PDF; null where there is none of this id. */
  function one(id) {
    const pdf = pdfs.get(id);
    return pdf ? [...heading(pdf, "h1", { id: "one-title", tabindex: "-1" }), ...list(pdf)] : null;
  }

  /** For the print: all lists, one after the other. */
  const printed = (pdf) => make("section", { class: "printed-list" }, ...heading(pdf, "h2", {}), ...list(pdf));

  return { pdfsTable, one, printed };
})();
