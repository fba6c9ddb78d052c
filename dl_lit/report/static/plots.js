"use strict";
/* The plots, by Observable Plot. Colours are variables of the page's style, so that they follow theme and print. */
report.plots = (() => {
  const { data, make } = report;
  const figures = new Map(data.figures.map((one) => [one.key, one]));
  const DASHES = ["0", "6 3", "2 3", "8 3 2 3"];

  /** A row for each part of each bar, in one long table. */
  const parts = (figure) =>
    figure.rows
      .flatMap((row) =>
        figure.parts.map((part, n) => ({ name: row[0], part, label: figure.columns[n + 1], count: row[n + 1] })),
      )
      .filter((one) => one.count);

  /** So many ticks that none stands between whole numbers. */
  const ticks = (most, greatest) => Math.max(1, Math.min(most, greatest));

  const colour = (one) => `var(--${one.part})`;
  const told = (one) => `${one.name}: ${one.count} ${one.label}`;

  function bars(figure, width) {
    const names = figure.rows.map((row) => row[0]);
    const totals = figure.rows.map((row) => ({ name: row[0], total: row.slice(1).reduce((a, b) => a + b, 0) }));
    const room = Math.min(190, 14 + 6.6 * Math.max(...names.map((name) => name.length)));
    return Plot.plot({
      width,
      height: 30 + 24 * names.length,
      marginLeft: room,
      marginRight: 44,
      marginTop: 4,
      x: { label: null, ticks: ticks(4, Math.max(...totals.map((one) => one.total))), grid: true },
      y: { domain: names, label: null, tickSize: 0, tickFormat: (name) => shortened(name, 27) },
      marks: [
        Plot.barX(parts(figure), { x: "count", y: "name", fill: colour, title: told, insetTop: 1, insetBottom: 1 }),
        Plot.text(totals, {
          x: "total",
          y: "name",
          text: (one) => one.total.toLocaleString("en"),
          textAnchor: "start",
          dx: 4,
          fill: "currentColor",
        }),
      ],
    });
  }

  const shortened = (name, most) => (name.length > most ? `${name.slice(0, most - 1)}…` : name);

  function years(figure, width) {
    const names = figure.rows.map((row) => row[0]);
    const every = Math.ceil(names.length / (width / 56));
    return Plot.plot({
      width,
      height: 240,
      marginLeft: 40,
      x: {
        domain: names,
        label: null,
        tickSize: 3,
        ticks: names.filter((_, n) => n % every === 0),
        tickFormat: (name) => name.replace("before ", "<").split("-")[0],
      },
      y: {
        label: "works",
        grid: true,
        ticks: ticks(5, Math.max(...figure.rows.map((row) => row.slice(1).reduce((a, b) => a + b, 0)))),
      },
      marks: [
        Plot.barY(parts(figure), { x: "name", y: "count", fill: colour, title: told, insetLeft: 0.5, insetRight: 0.5 }),
        Plot.ruleY([0]),
      ],
    });
  }

  /** Seconds, minutes or hours, as fits the last point. */
  function unit(last) {
    if (last > 7200) return ["hours", 3600];
    return last > 180 ? ["minutes", 60] : ["seconds", 1];
  }

  function lines(figure, width) {
    const [name, size] = unit(figure.rows[figure.rows.length - 1][0]);
    const series = figure.columns.slice(1).map((label, n) => ({
      label,
      part: figure.parts[n],
      dash: DASHES[n],
      points: figure.rows.map((row) => ({ x: row[0] / size, y: row[n + 1] })),
    }));
    const drawn = series.map((one) =>
      Plot.lineY(one.points, {
        x: "x",
        y: "y",
        stroke: `var(--${one.part})`,
        strokeWidth: 2.5,
        strokeDasharray: one.dash,
        title: () => one.label,
      }),
    );
    const plot = Plot.plot({
      width,
      height: 240,
      marginLeft: 48,
      marginRight: 12,
      x: { label: name, labelArrow: "none" },
      y: {
        label: "rows",
        grid: true,
        ticks: ticks(5, Math.max(...series.flatMap((one) => one.points.map((point) => point.y)))),
      },
      marks: [Plot.ruleY([0]), ...drawn],
    });
    return make("div", {}, plot, make("p", { class: "legend", "aria-hidden": "true" }, series.map(sample)));
  }

  /** The line as it is drawn, and its name. */
  function sample(one) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    for (const [key, value] of Object.entries({
      width: 34,
      height: 10,
      "aria-hidden": "true",
      style: "display:inline-block;vertical-align:middle",
    }))
      svg.setAttribute(key, value);
    const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
    for (const [key, value] of Object.entries({
      x1: 1,
      x2: 33,
      y1: 5,
      y2: 5,
      style: `stroke:var(--${one.part});stroke-width:2.5;stroke-dasharray:${one.dash}`,
    }))
      line.setAttribute(key, value);
    svg.append(line);
    return make("span", {}, svg, ` ${one.label}`);
  }

  const KINDS = { bars, years, lines };

  function draw(place, width) {
    const figure = figures.get(place.dataset.figure);
    const drawn = KINDS[figure.kind](figure, width);
    const svg = drawn.matches("svg") ? drawn : drawn.querySelector("svg");
    for (const part of svg.querySelectorAll("[aria-label]")) part.removeAttribute("aria-label"); // "bar", "rule": noise
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", `${figure.title}. ${figure.summary} The table below has the numbers.`);
    place.replaceChildren(drawn);
    place.dataset.width = width;
  }

  /** Draws anew what has another width than before; hidden places have none. */
  function fit() {
    for (const place of document.querySelectorAll("[data-figure]")) {
      const width = Math.floor(place.clientWidth);
      if (width && Number(place.dataset.width) !== width) draw(place, width);
    }
  }

  return { fit };
})();
