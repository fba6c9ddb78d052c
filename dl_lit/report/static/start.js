"use strict";
/* Which part is shown, by the address behind `#`; the theme; the print. */
(() => {
  const { data } = report;
  const MOST_PRINTED = 5000; // works or references; more are no print but a pile of paper
  const views = [...document.querySelectorAll(".view")];
  const one = document.getElementById("view-one");

  const makers = {
    "": () => report.plots.fit(),
    works: (rest, query) =>
      query ? report.tables.choose(Object.fromEntries(new URLSearchParams(query))) : report.tables.worksTable(),
    pdfs: () => report.lists.pdfsTable(),
    network: () => report.network.open(),
  };
  const pages = { pdf: report.lists.one, work: report.tables.one };

  function missing() {
    return [
      report.make("h1", { id: "one-title", tabindex: "-1" }, "Not in this report"),
      report.make("p", {}, "Nothing in this report has that address."),
    ];
  }

  /* Who follows a link begins at the top; who goes back finds the place where the link was. */
  const scrolled = new Map();
  let followed = false;
  let here = location.hash;
  history.scrollRestoration = "manual";
  window.addEventListener("scroll", () => scrolled.set(here, window.scrollY), { passive: true });
  document.addEventListener("click", (event) => {
    followed = Boolean(event.target.closest("a[href^='#/']"));
  });

  /** Shows what `#/name/rest?query` names. A fragment without the slash is a place within what is shown. */
  function go(isFirst = false) {
    if (location.hash && !location.hash.startsWith("#/")) return;
    const [path, query] = location.hash.slice(2).split("?");
    const [name, rest] = path.split("/");
    const isView = name in makers;
    if (!isView) one.replaceChildren(...((pages[name] && pages[name](Number(rest))) || missing()).filter(Boolean));
    document.body.dataset.shown = isView ? name : "one";
    for (const view of views) view.hidden = view.dataset.route !== (isView ? name : "one");
    for (const link of document.querySelectorAll("nav a")) {
      const [mine] = link.getAttribute("href").slice(2).split("?");
      if (mine === (name === "pdf" ? "pdfs" : name === "work" ? "works" : name))
        link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    if (isView) makers[name](rest, query);
    const shown = views.find((view) => !view.hidden);
    const heading = shown.querySelector("h1");
    document.title = `${heading.textContent} · dl-lit report`;
    here = location.hash;
    if (!isFirst) {
      window.scrollTo(0, followed ? 0 : scrolled.get(here) || 0);
      heading.focus({ preventScroll: true });
    }
    followed = false;
  }

  const theme = document.getElementById("theme");
  const isDark = () =>
    (document.documentElement.dataset.theme ||
      (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";

  function dress(name) {
    if (name) document.documentElement.dataset.theme = name;
    theme.textContent = isDark() ? "Light theme" : "Dark theme";
    report.network.restyle();
  }

  function toggle() {
    const name = isDark() ? "light" : "dark";
    try {
      localStorage.setItem("dl-lit-theme", name);
    } catch {
      /* A browser may keep nothing for files. */
    }
    dress(name);
  }

  function kept() {
    try {
      return localStorage.getItem("dl-lit-theme");
    } catch {
      return null;
    }
  }

  /* A print of the overview is one of the whole report, of any other part of that part alone; with all rows of its
     tables, unless they are too many. */
  const restore = [];
  const isPrinted = (name) => ["", name].includes(document.body.dataset.shown);

  function expand(table) {
    const { recordsDisplay } = table.page.info();
    if (recordsDisplay > MOST_PRINTED)
      return `Only the first of ${recordsDisplay.toLocaleString("en")} are printed. dl-lit export --to csv writes all.`;
    const length = table.page.len();
    const page = table.page();
    restore.push(() => table.page.len(length).page(page).draw(false));
    table.page.len(-1).draw();
    return "";
  }

  function printLists() {
    const references = data.pdfs.reduce((sum, pdf) => sum + (pdf.references || []).length, 0);
    const place = document.getElementById("print-lists");
    if (references <= MOST_PRINTED) place.replaceChildren(...data.pdfs.map(report.lists.printed));
    restore.push(() => place.replaceChildren());
  }

  function printNetwork() {
    const picture = report.network.picture();
    const image = document.getElementById("network-printed");
    image.hidden = !picture;
    if (picture) image.src = picture;
    expand(report.network.tableForPrint());
  }

  function beforePrint() {
    if (isPrinted("works")) document.getElementById("works-printed").textContent = expand(report.tables.worksTable());
    if (isPrinted("pdfs")) expand(report.lists.pdfsTable());
    if (isPrinted("network")) printNetwork();
    if (isPrinted("")) printLists();
    report.plots.fit();
  }

  const afterPrint = () => restore.splice(0).forEach((one) => one());

  theme.hidden = false;
  theme.addEventListener("click", toggle);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => dress(null));
  window.addEventListener("hashchange", () => go());
  window.addEventListener("resize", () => report.plots.fit());
  window.addEventListener("beforeprint", beforePrint);
  window.addEventListener("afterprint", afterPrint);
  go(true);
  dress(["light", "dark"].includes(kept()) ? kept() : null);
})();
