"use strict";
/* What the network is made of, and where each part of it has its place: by d3-force, in slices, so that the page never
   stands still. */
report.graph = (() => {
  const { data, pdfs, cut, short, named } = report;
  const MANY = 1000; // nodes, for which fewer steps must do
  const TICKS = 260;
  const FEWER_TICKS = 160;
  const SLICE = 20; // milliseconds of steps at a time
  const shared = data.works.filter((work) => (work.cited_by || []).length > 1);
  let turn = 0;

  const key = (kind, id) => `${kind}${id}`;

  /** The PDFs and the works that several of them cite, or `all` that they cite. */
  function parts(all) {
    const chosen = all ? data.works.filter((work) => (work.cited_by || []).length) : shared;
    const citing = new Set(chosen.flatMap((work) => work.cited_by));
    const nodes = [
      ...data.pdfs
        .filter((pdf) => all || citing.has(pdf.id))
        .map((pdf) => ({ id: key("p", pdf.id), kind: "pdf", of: pdf.id, label: labelled(pdf), size: 22, citing: 0 })),
      ...chosen.map((work) => ({
        id: key("w", work.id),
        kind: "work",
        of: work.id,
        label: short(work),
        size: 8 + 5 * Math.sqrt(work.cited_by.length - 1),
        citing: work.cited_by.length,
        has: work.state,
      })),
    ];
    const edges = chosen.flatMap((work) =>
      work.cited_by.filter((id) => pdfs.has(id)).map((id) => ({ source: key("p", id), target: key("w", work.id) })),
    );
    return { nodes, edges };
  }

  function labelled(pdf) {
    const author = cut(((pdf.authors || [])[0] || "").split(",")[0], 20);
    if (author) return `${author} ${pdf.year || ""}`.trim();
    const name = named(pdf).replace(/\.[a-z]{3,5}$/i, "");
    return cut(name, 24);
  }

  /** How the nodes find their places, and in how many steps. */
  function forces({ nodes, edges }) {
    const simulation = d3
      .forceSimulation(nodes)
      .force(
        "link",
        d3
          .forceLink(edges.map((one) => ({ ...one })))
          .id((node) => node.id)
          .distance(60)
          .strength((one) => (one.target.citing > 1 ? 0.35 : 0.8)),
      )
      .force(
        "charge",
        d3
          .forceManyBody()
          .strength((node) => (node.kind === "pdf" ? -420 : -70))
          .theta(1.1)
          .distanceMax(900),
      )
      .force(
        "apart",
        d3.forceCollide((node) => (node.citing === 1 ? node.size + 3 : node.kind === "pdf" ? 46 : 30)),
      )
      .force("x", d3.forceX().strength(0.025))
      .force("y", d3.forceY().strength(0.07))
      .stop();
    const ticks = nodes.length > MANY ? FEWER_TICKS : TICKS;
    simulation.alphaDecay(1 - Math.pow(0.001, 1 / ticks));
    return [simulation, ticks];
  }

  /** Gives the nodes their places; `done` is called at the end, `told` with the share that is done. */
  function layOut(chosen, told, done) {
    const mine = ++turn;
    const [simulation, ticks] = forces(chosen);
    let tick = 0;
    function slice() {
      if (mine !== turn) return;
      const until = performance.now() + SLICE;
      while (tick < ticks && performance.now() < until) {
        simulation.tick();
        tick += 1;
      }
      if (tick >= ticks) {
        done();
        return;
      }
      told(tick / ticks);
      setTimeout(slice);
    }
    slice();
  }

  /** The same at once, for few nodes. */
  function layOutNow(chosen) {
    const [simulation, ticks] = forces(chosen);
    simulation.tick(ticks);
  }

  return { parts, layOut, layOutNow, labelled, shared, MANY };
})();
