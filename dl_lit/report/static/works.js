"use strict";
/* The table of works, and the page of one. The table is DataTables'; it is given elements and escaped text, never the
   text itself, as it reads texts as HTML. */
report.tables = (() => {
  const { data, works, pdfs, judged, make, link, state, copy, evidence, named } = report;
  const FEW = 25;

  const escaped = (text) => String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

  /** A column of DataTables: `show` makes the cell's content, `text` is what is searched, `order` what is sorted by. */
  function column(
    title,
    show,
    { text = () => "", order = null, name = null, number = false, sortable = true, kind = "" } = {},
  ) {
    return {
      title,
      data: null,
      orderable: sortable,
      className: number ? "number" : kind,
      type: number ? "num" : "string",
      createdCell: (cell) => {
        if (name) cell.dataset.name = name;
      },
      render: (_, use, row) => {
        if (use === "display") return make("div", {}, show(row));
        if (use === "sort" || use === "type") return order ? order(row) : text(row).toLowerCase();
        return escaped(text(row));
      },
    };
  }

  /** A table that is searched and sorted; `options` are DataTables' own. */
  function table(element, rows, columns, options = {}) {
    const made = new DataTable(element, {
      data: rows,
      columns,
      autoWidth: false,
      deferRender: true,
      pageLength: FEW,
      lengthMenu: [FEW, 100, 500],
      order: [],
      orderMulti: false,
      layout: { topStart: null, topEnd: null, bottomStart: ["pageLength", "info"], bottomEnd: "paging" },
      language: {
        info: "_START_ to _END_ of _TOTAL_",
        infoEmpty: "none",
        infoFiltered: "(of _MAX_)",
        lengthMenu: "Show _MENU_",
        zeroRecords: "Nothing fits.",
        emptyTable: "There is nothing here.",
      },
      ...options,
    });
    made.on("draw", () => tidy(made));
    tidy(made);
    return made;
  }

  /** Controls that would change nothing are not shown. */
  function tidy(made) {
    const { pages, recordsTotal } = made.page.info();
    const place = made.table().container();
    for (const one of place.querySelectorAll(".dt-paging")) one.hidden = pages <= 1;
    for (const one of place.querySelectorAll(".dt-length")) one.hidden = recordsTotal <= FEW;
  }

  const title = (work) =>
    make("a", { href: `#/work/${work.id}`, class: "title", dir: "auto" }, work.title || `reference ${work.id}`);

  function whole(work) {
    const about = [work.authors, work.in].filter(Boolean).join(". ").replace("..", ".");
    return [
      title(work),
      work.retracted ? make("span", { class: "retracted" }, " retracted") : null,
      make("div", { class: "soft" }, about),
    ];
  }

  const spoken = (work) => [work.title, work.authors, work.in, work.doi, work.type].filter(Boolean).join(" ");
  const sure = (work) => (judged.get(work.id) || { score: -1 }).score;

  function proof(work) {
    const found = judged.get(work.id);
    if (!found) return "";
    return [
      make("span", {}, found.score.toFixed(2)),
      make("div", { class: "soft" }, `${found.by}${found.agree ? `: ${found.agree}` : ""}`),
    ];
  }

  function outcome(work) {
    return [state(work.state), work.reason ? make("div", { class: "soft reason" }, work.reason) : null];
  }

  const COLUMNS = [
    column("Work", whole, { text: spoken, order: (work) => (work.title || "").toLowerCase() }),
    column("Year", (work) => (work.year ? String(work.year) : ""), {
      text: (work) => work.year || "",
      order: (work) => work.year || 0,
      number: true,
      name: "year",
    }),
    column("Cited by", (work) => String((work.cited_by || []).length), {
      order: (work) => (work.cited_by || []).length,
      number: true,
      name: "cited by your PDFs",
    }),
    column("State", outcome, {
      text: (work) => `${data.looks[work.state].name} ${work.reason || ""}`,
      order: (work) => data.looks[work.state].name,
    }),
    column("Evidence", proof, {
      text: (work) => (judged.get(work.id) || { by: "" }).by,
      order: sure,
      name: "evidence",
    }),
    column("Copy", copy, { sortable: false, name: "copy", kind: "link" }),
  ];

  let listed = null;
  const wanted = { state: "", reason: "" };

  /** The table of all works, made when it is first shown. */
  function worksTable() {
    if (listed) return listed;
    listed = table("#works-table", data.works, COLUMNS, { order: [[2, "desc"]] });
    listed.search.fixed(
      "wanted",
      (_, row) => (!wanted.state || row.state === wanted.state) && (!wanted.reason || row.reason === wanted.reason),
    );
    listed.on("draw", () => {
      const shown = listed.page.info().recordsDisplay;
      document.getElementById("works-found").textContent =
        `${shown.toLocaleString("en")} of ${data.works.length.toLocaleString("en")} shown`;
    });
    document
      .getElementById("works-search")
      .addEventListener("input", (event) => listed.search(event.target.value).draw());
    for (const name of Object.keys(wanted)) {
      document
        .getElementById(`works-${name}`)
        .addEventListener("change", (event) => choose({ ...wanted, [name]: event.target.value }));
    }
    listed.draw();
    return listed;
  }

  /** Only works of this state and reason. */
  function choose(filters) {
    worksTable();
    for (const name of Object.keys(wanted)) {
      wanted[name] = filters[name] || "";
      const field = document.getElementById(`works-${name}`);
      if (wanted[name] && ![...field.options].some((one) => one.value === wanted[name]))
        field.append(make("option", {}, wanted[name]));
      field.value = wanted[name];
    }
    listed.draw();
  }

  function row(name, ...content) {
    const shown = content.flat().filter((one) => one !== null && one !== undefined && one !== "");
    return shown.length ? [make("dt", {}, name), make("dd", {}, shown)] : [];
  }

  /** Where the print is, what it says, and what was made of it. */
  function prints(work) {
    const found = (work.cited_by || []).map((id) => pdfs.get(id)).filter(Boolean);
    return found.flatMap((pdf) =>
      pdf.references
        .filter((one) => one.id === work.id)
        .map((one) =>
          make(
            "li",
            {},
            make(
              "p",
              {},
              make("a", { href: `#/pdf/${pdf.id}` }, named(pdf)),
              `, number ${one.number}${one.page ? `, page ${one.page}` : ""}`,
            ),
            make("p", { class: "soft" }, one.printed),
            make("p", { class: "soft" }, verdict(one.evidence)),
          ),
        ),
    );
  }

  function verdict(found) {
    if (!found) return "";
    const said = [evidence(found)];
    if (found.differ) said.push(`differ: ${found.differ}`);
    if (found.forbid) said.push(`forbid: ${found.forbid}`);
    if (found.title) said.push(`candidate: ${found.title}`);
    return said.join("; ");
  }

  function why(work) {
    return [work.meaning, work.detail && work.detail !== work.meaning ? work.detail : ""].filter(Boolean).join(". ");
  }

  /** The page of one work; null where there is none of this id. */
  function one(id) {
    const work = works.get(id);
    if (!work) return null;
    return [
      make("h1", { id: "one-title", tabindex: "-1", dir: "auto" }, work.title || `Reference ${work.id}`),
      make(
        "dl",
        {},
        row("State", state(work.state), work.reason ? ` ${work.reason}` : ""),
        row("Why", why(work)),
        row("Authors", work.authors),
        row("Year", work.year ? String(work.year) : ""),
        row("In", work.in),
        row("Kind", work.type),
        row("DOI", work.doi ? link(work.doi_url, work.doi, { rel: "noreferrer" }) : ""),
        row("Copy", work.file ? link(work.file, work.name) : work.name, work.about ? ` ${work.about}` : ""),
        row("To open", !work.name && work.url ? link(work.url, work.url, { rel: "noreferrer" }) : ""),
        row("Open access", work.open),
        row("Metadata from", (work.sources || []).join(", ")),
        row("Cited elsewhere", work.cited_elsewhere ? `${work.cited_elsewhere.toLocaleString("en")} times` : ""),
        row("More", make("code", {}, `dl-lit why ${work.id}`)),
      ),
      make("h2", {}, "Where your PDFs cite it"),
      (work.cited_by || []).length
        ? make("ul", {}, prints(work))
        : make("p", {}, "None of them does: it came in with another work or by a search."),
    ];
  }

  return { table, column, title, choose, worksTable, one, verdict, why };
})();
