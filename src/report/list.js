"use strict";
// The list of claims: searched, filtered, sorted and opened on the page itself. Nothing is fetched.
(() => {
  const PAGE = 50;
  const [ID, PROVIDER, CONTRACT, PARTICIPANT, VERDICT, OUTCOME, START, ACHIEVED, RECHECK, CLAIMED, PAYABLE, REASONS, STRIPS,
    PAYMENTS] = Array(14).keys();
  const claims = JSON.parse(document.getElementById("claims-data").textContent);
  const byId = (id) => document.getElementById(id);
  const [search, verdict, body, told, earlier, later] =
    ["search", "verdict", "claims-body", "told", "earlier", "later"].map(byId);
  const codes = (claim) => claim[REASONS].filter((reason) => reason[1] !== "note").map((reason) => reason[0]).join(" ");
  const columns = [
    (claim) => claim[ID] || "(no number)", (claim) => claim[PROVIDER], (claim) => claim[CONTRACT], (claim) => claim[VERDICT], codes,
    (claim) => claim[START], (claim) => claim[RECHECK],
  ];
  // What is shown of a claim can be searched for.
  const haystacks = claims.map((claim) =>
    [...columns.map((of) => of(claim)), claim[PARTICIPANT], claim[OUTCOME]].join(" ").toLowerCase());
  let shown = claims.map((_, index) => index);
  let first = 0, sorted = 0, descending = false;

  const element = (name, text, className) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  };

  const table = (caption, heads, rows, numbers = []) => {
    const made = element("table");
    made.append(element("caption", caption));
    const head = made.createTHead().insertRow();
    heads.forEach((text, index) => {
      const cell = element("th", text, numbers.includes(index) ? "n" : "");
      cell.scope = "col";
      head.append(cell);
    });
    const rowsBody = made.createTBody();
    for (const row of rows) {
      const line = rowsBody.insertRow();
      row.forEach((text, index) => line.append(element("td", text, numbers.includes(index) ? "n" : "")));
    }
    return made;
  };

  const signs = { "#": "at the hours", "+": "bridged", "?": "unknown", "-": "fewer hours", ".": "no pay", ":": "not yet observed" };
  const strip = ([employer, days], start) => {
    const part = document.createDocumentFragment();
    part.append(element("p", `${employer}, day by day from ${start}`, "second"));
    const weeks = days.match(/.{1,7}/g) || [];
    const picture = element("div", weeks.join(" "), "strip");
    const counted = Object.entries(signs).map(([sign, says]) => [days.split(sign).length - 1, says]);
    picture.setAttribute("role", "img");
    picture.setAttribute("aria-label", counted.filter(([count]) => count).map(([count, says]) => `${count} days ${says}`).join(", "));
    part.append(picture);
    return part;
  };

  const details = (claim) => {
    const cell = element("td");
    cell.colSpan = columns.length + 1;
    const facts = [["participant", PARTICIPANT], ["outcome", OUTCOME], ["achieved on", ACHIEVED], ["look again on", RECHECK],
      ["claimed", CLAIMED], ["payable", PAYABLE]].filter(([, at]) => claim[at]).map(([name, at]) => `${name} ${claim[at]}`);
    cell.append(element("p", facts.join("; ")));
    const list = element("ul");
    for (const [code, severity, message] of claim[REASONS]) list.append(element("li", `${code} (${severity}): ${message}`));
    cell.append(list);
    for (const one of claim[STRIPS]) cell.append(strip(one, claim[START]));
    if (claim[PAYMENTS].length) {
      const heads = ["Payday", "Employer", "Paid", "Pay", "Band", "Covers", "Shows", "Why"];
      cell.append(table("Payments near the claim", heads, claim[PAYMENTS], [3]));
    } else {
      cell.append(element("p", "No payment was found."));
    }
    const row = element("tr");
    row.append(cell);
    return row;
  };

  const line = (index) => {
    const claim = claims[index];
    const row = element("tr");
    columns.forEach((of, column) => {
      const cell = element(column ? "td" : "th", of(claim), column === 3 ? `verdict ${claim[VERDICT]}` : "");
      if (!column) cell.scope = "row";
      row.append(cell);
    });
    const open = element("button", "Open", "more");
    open.type = "button";
    open.setAttribute("aria-expanded", "false");
    open.setAttribute("aria-label", `Open claim ${columns[0](claim)}`);
    open.addEventListener("click", () => {
      const isOpen = open.getAttribute("aria-expanded") === "true";
      open.setAttribute("aria-expanded", String(!isOpen));
      open.textContent = isOpen ? "Open" : "Close";
      if (isOpen) row.nextSibling.remove();
      else row.after(details(claim));
    });
    const last = element("td");
    last.append(open);
    row.append(last);
    return row;
  };

  const draw = () => {
    body.replaceChildren(...shown.slice(first, first + PAGE).map(line));
    const end = Math.min(first + PAGE, shown.length);
    told.textContent = shown.length ? `Claims ${first + 1} to ${end} of ${shown.length}` : "No claim is like that";
    earlier.disabled = first === 0;
    later.disabled = end === shown.length;
  };

  const choose = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    shown = claims.map((_, index) => index).filter((index) =>
      (!verdict.value || claims[index][VERDICT] === verdict.value) && words.every((word) => haystacks[index].includes(word)));
    const key = columns[sorted];
    const order = (one, other) => {
      const [a, b] = [key(claims[one]), key(claims[other])];
      return (a < b ? -1 : a > b ? 1 : one - other) * (descending ? -1 : 1);
    };
    shown.sort(order);
    first = 0;
    draw();
  };

  search.addEventListener("input", choose);
  verdict.addEventListener("change", choose);
  earlier.addEventListener("click", () => { first = Math.max(0, first - PAGE); draw(); });
  later.addEventListener("click", () => { first += PAGE; draw(); });
  document.querySelectorAll("#claims-table thead button").forEach((button, column) => {
    button.addEventListener("click", () => {
      descending = sorted === column && !descending;
      sorted = column;
      document.querySelectorAll("#claims-table thead th").forEach((head) => head.removeAttribute("aria-sort"));
      button.parentElement.setAttribute("aria-sort", descending ? "descending" : "ascending");
      choose();
    });
  });
  choose();
})();
