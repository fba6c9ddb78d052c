"use strict";
/* The network of PDFs and works: drawn by Cytoscape, laid out by d3-force in slices, so that the page never stands
   still. The table below it says the same. */
report.network = (() => {
  const { data, pdfs, works, make, short, named } = report;
  const { table, column, title } = report.tables;
  const MOST = 6000; // nodes that can be drawn and moved about in
  const TICKS = 260, SLICE = 12; // steps of the layout; milliseconds of them at a time
  const shared = data.works.filter((work) => (work.cited_by || []).length > 1);
  let drawn = null, turn = 0;

  const key = (kind, id) => `${kind}${id}`;

  function graph(all) {
    const chosen = all ? data.works.filter((work) => (work.cited_by || []).length) : shared;
    const citing = new Set(chosen.flatMap((work) => work.cited_by));
    const nodes = [
      ...data.pdfs.filter((pdf) => all || citing.has(pdf.id)).map((pdf) => ({ id: key("p", pdf.id), kind: "pdf", of: pdf.id, label: labelled(pdf), size: 22, citing: 0 })),
      ...chosen.map((work) => ({ id: key("w", work.id), kind: "work", of: work.id, label: short(work), size: 8 + 5 * Math.sqrt(work.cited_by.length - 1), citing: work.cited_by.length, has: work.state })),
    ];
    const edges = chosen.flatMap((work) => work.cited_by.filter((id) => pdfs.has(id)).map((id) => ({ source: key("p", id), target: key("w", work.id) })));
    return { nodes, edges };
  }

  function labelled(pdf) {
    const author = ((pdf.authors || [])[0] || "").split(",")[0];
    return author ? `${author} ${pdf.year || ""}`.trim() : named(pdf).slice(0, 28);
  }

  /** Gives the nodes their places; `done` is called at the end, `told` with the share that is done. */
  function layOut({ nodes, edges }, told, done) {
    const mine = ++turn;
    const simulation = d3.forceSimulation(nodes)
      .force("link", d3.forceLink(edges.map((one) => ({ ...one }))).id((node) => node.id).distance(60).strength((one) => (one.target.citing > 1 ? 0.35 : 0.8)))
      .force("charge", d3.forceManyBody().strength((node) => (node.kind === "pdf" ? -420 : -70)).theta(1.1).distanceMax(900))
      .force("apart", d3.forceCollide((node) => node.size + (node.citing === 1 ? 3 : 14)))
      .force("x", d3.forceX().strength(0.03)).force("y", d3.forceY().strength(0.05)).stop();
    simulation.alphaDecay(1 - Math.pow(0.001, 1 / TICKS));
    let tick = 0;
    function slice() {
      if (mine !== turn) return;
      const until = performance.now() + SLICE;
      while (tick < TICKS && performance.now() < until) { simulation.tick(); tick += 1; }
      if (tick >= TICKS) { done(); return; }
      told(tick / TICKS);
      setTimeout(slice);
    }
    slice();
    return () => { while (tick < TICKS) { simulation.tick(); tick += 1; } };
  }

  /** A colour of the page as the canvas wants it. */
  function colour(name) {
    const probe = make("span", { style: `color: var(--${name})` });
    document.body.append(probe);
    const value = getComputedStyle(probe).color;
    probe.remove();
    return value;
  }

  function style() {
    const ink = colour("ink"), paper = colour("paper"), line = colour("line"), accent = colour("link");
    return [
      { selector: "node", style: { label: "data(label)", width: "data(size)", height: "data(size)", "font-size": 10, color: ink, "text-outline-color": paper, "text-outline-width": 2, "min-zoomed-font-size": 9, "text-valign": "bottom", "text-margin-y": 2 } },
      { selector: "node[has != 'copy']", style: { "background-color": paper, "border-width": 2.5, "border-color": colour("soft") } },
      { selector: "node[has = 'copy']", style: { "background-color": colour("copy") } },
      { selector: "node[kind = 'pdf']", style: { shape: "round-rectangle", "background-color": accent, "border-width": 0, "font-size": 14, "font-weight": 700, "min-zoomed-font-size": 6, "z-index": 9 } },
      { selector: "edge", style: { width: 1, "line-color": line, "curve-style": "haystack", "haystack-radius": 0 } },
      { selector: ".faint", style: { opacity: 0.15 } },
      { selector: ".chosen", style: { "border-width": 3, "border-color": ink, "min-zoomed-font-size": 0, "z-index": 10 } },
      { selector: ".near", style: { "min-zoomed-font-size": 0 } },
      { selector: "edge.near", style: { width: 2, "line-color": accent } },
    ];
  }

  const tell = (text) => { document.getElementById("network-told").textContent = text; };

  function show(all = false) {
    const parts = graph(all);
    const place = document.getElementById("network-drawn");
    if (drawn) { drawn.destroy(); drawn = null; }
    choose(null);
    if (!parts.nodes.length) { tell("No work is cited by more than one of your PDFs."); place.hidden = true; return; }
    if (parts.nodes.length > MOST) { tell(`${parts.nodes.length.toLocaleString("en")} are too many to draw; the tables have all of them.`); place.hidden = true; return; }
    place.hidden = false;
    layOut(parts, (share) => tell(`Finding places: ${Math.round(100 * share)} %`), () => put(place, parts));
  }

  function put(place, { nodes, edges }) {
    drawn = cytoscape({
      container: place, style: style(), layout: { name: "preset", padding: 30 }, minZoom: 0.05, maxZoom: 4,
      hideEdgesOnViewport: edges.length > 4000, textureOnViewport: edges.length > 4000, autoungrabify: false, boxSelectionEnabled: false,
      elements: [...nodes.map((one) => ({ data: { id: one.id, kind: one.kind, of: one.of, label: one.label, size: one.size, has: one.has }, position: { x: one.x, y: one.y } })), ...edges.map((one) => ({ data: one }))],
    });
    drawn.on("tap", "node", (event) => choose(event.target));
    drawn.on("tap", (event) => { if (event.target === drawn) choose(null); });
    const squares = nodes.filter((one) => one.kind === "pdf").length;
    tell(`${squares} PDFs, ${(nodes.length - squares).toLocaleString("en")} works, ${edges.length.toLocaleString("en")} citations. Choose one to see what it is; drag to move, wheel or buttons to come nearer.`);
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
    place.append(...(node.data("kind") === "pdf" ? ofPdf(pdfs.get(node.data("of"))) : ofWork(works.get(node.data("of")))));
  }

  const ofPdf = (pdf) => [make("p", {}, make("a", { href: `#/pdf/${pdf.id}`, class: "title" }, named(pdf))), make("p", { class: "soft" }, `your PDF ${pdf.name}, ${(pdf.references || []).length} references`)];

  function ofWork(work) {
    const citing = work.cited_by.map((id) => pdfs.get(id)).map((pdf) => make("li", {}, make("a", { href: `#/pdf/${pdf.id}` }, named(pdf))));
    return [make("p", {}, title(work), ` ${work.authors || ""} ${work.year || ""}`), make("p", {}, report.state(work.state), " ", report.copy(work)), make("p", { class: "soft" }, "Cited by:"), make("ul", {}, citing)];
  }

  function seek(text) {
    if (!drawn || !text.trim()) { choose(null); return; }
    const sought = text.trim().toLowerCase();
    const words = (node) => { const of = node.data("of"); const one = node.data("kind") === "pdf" ? pdfs.get(of) : works.get(of); return `${one.title || ""} ${one.name || ""} ${one.authors || ""} ${one.year || ""}`.toLowerCase(); };
    const found = drawn.nodes().filter((node) => words(node).includes(sought));
    if (!found.length) { choose(null); tell(`Nothing here has “${text}” in its name.`); return; }
    choose(found[0]);
    drawn.center(found[0]);
    tell(`${found.length} of them ${found.length === 1 ? "has" : "have"} “${text}” in title, name or authors; the first is marked.`);
  }

  const COLUMNS = [
    column("Work", (work) => [title(work), make("div", { class: "soft" }, `${work.authors || ""} ${work.year || ""}`)], { text: (work) => `${work.title || ""} ${work.authors || ""}`, order: (work) => (work.title || "").toLowerCase() }),
    column("Your PDFs", (work) => String(work.cited_by.length), { order: (work) => work.cited_by.length, number: true, name: "cited by so many" }),
    column("Cited by", (work) => work.cited_by.map((id, n) => [n ? "; " : "", make("a", { href: `#/pdf/${id}` }, labelled(pdfs.get(id)))]).flat(), { sortable: false, name: "cited by" }),
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
    const nearer = (factor) => drawn && drawn.zoom({ level: drawn.zoom() * factor, renderedPosition: { x: drawn.width() / 2, y: drawn.height() / 2 } });
    by("network-nearer").addEventListener("click", () => nearer(1.4));
    by("network-farther").addEventListener("click", () => nearer(1 / 1.4));
    show();
  }

  const restyle = () => { if (drawn) drawn.style(style()); };
  const picture = () => (drawn ? drawn.png({ full: true, maxWidth: 2400, maxHeight: 2400, bg: "#ffffff" }) : null);
  const tableForPrint = () => { open(); return listed; };

  return { open, restyle, picture, tableForPrint, isDrawn: () => drawn !== null };
})();
