"use strict";
/* The network of PDFs and works, drawn by Cytoscape. The table below it says the same. */
report.network = (() => {
  const { pdfs, works, make, many, named } = report;
  const { table, column, title } = report.tables;
  const { parts: partsOf, layOut, layOutNow, labelled, shared, MANY } = report.graph;
  const MOST = 6000; // nodes that can be drawn and moved about in
  const NAMED = 150; // so many PDFs have their names at any distance
  let drawn = null;
  let placed = null;

  /** A colour of the page as the canvas wants it. */
  function colour(name) {
    const probe = make("span", { style: `color: var(--${name})` });
    document.body.append(probe);
    const value = getComputedStyle(probe).color;
    probe.remove();
    return value;
  }

  function style() {
    const ink = colour("ink");
    const paper = colour("paper");
    const line = colour("line");
    const accent = colour("link");
    return [
      {
        selector: "node",
        style: {
          label: "data(label)",
          width: "data(size)",
          height: "data(size)",
          "font-size": 10,
          color: ink,
          "text-outline-color": paper,
          "text-outline-width": 2,
          "min-zoomed-font-size": 9,
          "text-valign": "bottom",
          "text-margin-y": 2,
        },
      },
      {
        selector: "node[has != 'copy']",
        style: { "background-color": paper, "border-width": 2.5, "border-color": colour("soft") },
      },
      { selector: "node[has = 'copy']", style: { "background-color": colour("copy") } },
      {
        selector: "node[kind = 'pdf']",
        style: {
          shape: "round-rectangle",
          "background-color": accent,
          "border-width": 0,
          "font-size": 14,
          "font-weight": 700,
          "min-zoomed-font-size": 6,
          "z-index": 9,
        },
      },
      { selector: "edge", style: { width: 1, "line-color": line, "curve-style": "haystack", "haystack-radius": 0 } },
      { selector: ".faint", style: { opacity: 0.15 } },
      {
        selector: ".chosen",
        style: { "border-width": 3, "border-color": ink, "min-zoomed-font-size": 0, "z-index": 10 },
      },
      { selector: ".near", style: { "min-zoomed-font-size": 0 } },
      { selector: "edge.near", style: { width: 2, "line-color": accent } },
    ];
  }

  const tell = (text) => {
    document.getElementById("network-told").textContent = text;
  };

  function show(all = false) {
    const parts = partsOf(all);
    const place = document.getElementById("network-drawn");
    if (drawn) {
      drawn.destroy();
      drawn = null;
    }
    choose(null);
    if (!parts.nodes.length) {
      tell("No work is cited by more than one of your PDFs.");
      place.hidden = true;
      return;
    }
    if (parts.nodes.length > MOST) {
      tell(`${parts.nodes.length.toLocaleString("en")} are too many to draw; the tables have all of them.`);
      place.hidden = true;
      return;
    }
    place.hidden = false;
    layOut(
      parts,
      (share) => tell(`Finding places: ${Math.round(100 * share)} %`),
      () => put(place, parts),
    );
  }

  /** As wide as the place for it, up to a point: names need room sideways. */
  function stretch(place, nodes) {
    const across = (name) =>
      Math.max(...nodes.map((one) => one[name])) - Math.min(...nodes.map((one) => one[name])) || 1;
    return Math.max(1, Math.min(1.7, place.clientWidth / place.clientHeight / (across("x") / across("y"))));
  }

  function canvas(place, { nodes, edges }) {
    const wider = stretch(place, nodes);
    return cytoscape({
      container: place,
      style: style(),
      layout: { name: "preset", padding: 30 },
      minZoom: 0.05,
      maxZoom: 4,
      hideEdgesOnViewport: edges.length > 4000,
      textureOnViewport: edges.length > 4000,
      boxSelectionEnabled: false,
      elements: [
        ...nodes.map((one) => ({
          data: { id: one.id, kind: one.kind, of: one.of, label: one.label, size: one.size, has: one.has },
          position: { x: one.x * wider, y: one.y },
        })),
        ...edges.map((one) => ({ data: one })),
      ],
    });
  }

  function put(place, parts) {
    const { nodes, edges } = (placed = parts);
    drawn = canvas(place, parts);
    keepNamed();
    drawn.on("tap", "node", (event) => choose(event.target));
    drawn.on("tap", (event) => {
      if (event.target === drawn) choose(null);
    });
    const squares = nodes.filter((one) => one.kind === "pdf").length;
    tell(
      `${many(squares, "PDF")}, ${many(nodes.length - squares, "work")}, ${many(edges.length, "citation")}. Choose one to see what it is; drag to move, wheel or buttons to come nearer.`,
    );
  }

  /** The names of PDFs, and their squares, stay as large as they are however far one is away. */
  function keepNamed() {
    const squares = drawn.nodes("[kind = 'pdf']");
    if (squares.length > NAMED) return;
    let last = 0;
    const resize = () => {
      const zoom = drawn.zoom();
      if (Math.abs(zoom - last) < 0.02 * zoom) return;
      last = zoom;
      const size = Math.max(18, 14 / zoom);
      squares.style({
        "font-size": Math.max(12, 11 / zoom),
        width: size,
        height: size,
        "text-outline-width": Math.max(2, 2 / zoom),
      });
    };
    drawn.on("zoom", resize);
    resize();
  }

  /** Marks a node and what it is joined to, and says what it is. */
  function choose(node) {
    const place = document.getElementById("network-chosen");
    place.replaceChildren();
    if (!drawn) return;
    drawn.elements().removeClass("faint chosen near");
    if (!node) return;
    const near = node.closedNeighborhood();
    drawn.elements().not(near).addClass("faint");
    near.addClass("near");
    node.addClass("chosen");
    place.append(
      ...(node.data("kind") === "pdf" ? ofPdf(pdfs.get(node.data("of"))) : ofWork(works.get(node.data("of")))),
    );
  }

  const ofPdf = (pdf) => [
    make("p", {}, make("a", { href: `#/pdf/${pdf.id}`, class: "title" }, named(pdf))),
    make("p", { class: "soft" }, `your PDF ${pdf.name}, ${(pdf.references || []).length} references`),
  ];

  function ofWork(work) {
    const citing = work.cited_by
      .map((id) => pdfs.get(id))
      .map((pdf) => make("li", {}, make("a", { href: `#/pdf/${pdf.id}` }, named(pdf))));
    return [
      make("p", {}, title(work), ` ${work.authors || ""} ${work.year || ""}`),
      make("p", {}, report.state(work.state), " ", report.copy(work)),
      make("p", { class: "soft" }, "Cited by:"),
      make("ul", {}, citing),
    ];
  }

  function seek(text) {
    if (!drawn || !text.trim()) {
      choose(null);
      return;
    }
    const sought = text.trim().toLowerCase();
    const words = (node) => {
      const of = node.data("of");
      const one = node.data("kind") === "pdf" ? pdfs.get(of) : works.get(of);
      return `${one.title || ""} ${one.name || ""} ${one.authors || ""} ${one.year || ""}`.toLowerCase();
    };
    const found = drawn.nodes().filter((node) => words(node).includes(sought));
    if (!found.length) {
      choose(null);
      tell(`Nothing here has “${text}” in its name.`);
      return;
    }
    choose(found[0]);
    drawn.center(found[0]);
    tell(
      `${found.length} of them ${found.length === 1 ? "has" : "have"} “${text}” in title, name or authors; the first is marked.`,
    );
  }

  const COLUMNS = [
    column(
      "Work",
      (work) => [title(work), make("div", { class: "soft" }, `${work.authors || ""} ${work.year || ""}`)],
      {
        text: (work) => `${work.title || ""} ${work.authors || ""}`,
        order: (work) => (work.title || "").toLowerCase(),
      },
    ),
    column("Your PDFs", (work) => String(work.cited_by.length), {
      order: (work) => work.cited_by.length,
      number: true,
      name: "cited by so many",
    }),
    column(
      "Cited by",
      (work) =>
        work.cited_by
          .map((id, n) => [n ? "; " : "", make("a", { href: `#/pdf/${id}` }, labelled(pdfs.get(id)))])
          .flat(),
      { sortable: false, name: "cited by" },
    ),
    column("State", (work) => report.state(work.state), { order: (work) => work.state }),
  ];

  let listed = null;

  function open() {
    if (listed) return;
    listed = table("#network-table", shared, COLUMNS, { order: [[1, "desc"]] });
    const by = (id) => document.getElementById(id);
    by("network-all").addEventListener("change", (event) => show(event.target.checked));
    by("network-search").addEventListener("input", (event) => seek(event.target.value));
    by("network-fit").addEventListener("click", () => drawn && drawn.fit(undefined, 30));
    const nearer = (factor) =>
      drawn &&
      drawn.zoom({ level: drawn.zoom() * factor, renderedPosition: { x: drawn.width() / 2, y: drawn.height() / 2 } });
    by("network-nearer").addEventListener("click", () => nearer(1.4));
    by("network-farther").addEventListener("click", () => nearer(1 / 1.4));
    show();
  }

  const restyle = () => {
    if (drawn) drawn.style(style());
  };

  /** The network as it was last drawn, or else of the shared works, as a picture in the colours of paper. */
  function picture() {
    const parts = placed || partsOf(false);
    if (!parts.nodes.length || parts.nodes.length > 2 * MANY) return null;
    if (!placed) layOutNow(parts);
    const place = make("div", { style: "position: absolute; left: -9999px; width: 1000px; height: 800px" });
    document.body.append(place);
    const theme = document.documentElement.dataset.theme;
    document.documentElement.dataset.theme = "light";
    const copy = canvas(place, parts);
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
    const made = copy.png({ full: true, scale: 1.5, maxWidth: 3000, maxHeight: 3000, bg: "#ffffff" });
    copy.destroy();
    place.remove();
    return made;
  }
  const tableForPrint = () => {
    open();
    return listed;
  };

  return { open, restyle, picture, tableForPrint, isDrawn: () => drawn !== null };
})();
