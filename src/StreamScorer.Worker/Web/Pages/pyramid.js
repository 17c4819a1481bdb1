import { byId, element, setText } from "./dom.js";
import { shapeIcon } from "./icons.js";
import { compactMoney, percent, say, whole } from "./language.js";
import { lookOf, schemeName, shapeOf, tierName } from "./tiers.js";

let rows = [];
let drawn = "";

/**
 * Draws the badge scheme as two pyramids back to back: to the left how many customers a tier has, to the right how much of the value. That the one widens
 * downwards and the other upwards is the whole point of tiers.
 */
export function drawPyramid({ badgeScheme, tiers }) {
  const shares = tiers[badgeScheme].filter(({ tier, customers }) => tier !== "unranked" || customers > 0);
  const place = byId("pyramid");
  const names = [badgeScheme, ...shares.map(({ tier }) => tier)].join();
  if (names !== drawn) {
    drawn = names;
    rows = shares.map(({ tier }) => buildRow(badgeScheme, tier));
    place.replaceChildren(head(), ...rows.map(({ row }) => row));
  }
  place.hidden = false;
  byId("pyramid-empty").hidden = true;
  setText(place.querySelector(".of-customers"), say("board.byCustomers"));
  setText(place.querySelector(".of-tier"), schemeName(badgeScheme));
  setText(place.querySelector(".of-value"), say("board.byValue"));
  // One scale for both sides, the widest bar as wide as there is room: only so can they be compared.
  const widest = Math.max(...shares.flatMap(({ customerShare, valueShare }) => [customerShare, valueShare]), Number.EPSILON);
  shares.forEach((share, i) => drawRow(rows[i], badgeScheme, share, widest));
}

/** Draws the counts of all other schemes as plain tables. */
export function drawSchemes({ badgeScheme, tiers }) {
  const place = byId("schemes");
  if (!place.closest("details").open)
    return;
  place.replaceChildren(...Object.entries(tiers).filter(([scheme]) => scheme !== badgeScheme).map(([scheme, shares]) =>
    element("table", {},
      element("caption", {}, schemeName(scheme)),
      element("tbody", {}, ...shares.filter(({ tier, customers }) => tier !== "unranked" || customers > 0).map(({ tier, customers, valueShare }) =>
        element("tr", {}, element("th", { scope: "row" }, tierName(scheme, tier)), element("td", {}, whole(customers)), element("td", {}, percent(valueShare))))))));
}

function head() {
  const cell = (name, attributes = {}) => element("span", { role: "columnheader", class: name, ...attributes });
  return element("div", { role: "row", class: "pyramid-head" }, cell("of-customers"), cell("of-tier"), cell("of-value"));
}

function buildRow(scheme, tier) {
  const side = name => {
    const bar = element("span", { class: "bar-fill" });
    const share = element("b"), count = element("small");
    return { bar, share, count, cell: element("div", { role: "cell", class: `side ${name}` }, bar, element("span", { class: "bar-text" }, share, count)) };
  };
  const customers = side("customers"), value = side("value");
  const name = element("span");
  const label = element("div", { role: "rowheader", class: "tier-label" }, shapeIcon(shapeOf(scheme, tier)), name);
  return { customers, value, name, row: element("div", { role: "row", class: "pyramid-row", "data-look": lookOf(scheme, tier), "data-tier": tier }, customers.cell, label, value.cell) };
}

function drawRow({ customers, value, name }, scheme, share, widest) {
  setText(name, tierName(scheme, share.tier));
  fill(customers, share.customerShare, widest, whole(share.customers));
  fill(value, share.valueShare, widest, compactMoney(share.value));
}

function fill({ bar, share, count }, part, widest, amount) {
  bar.style.setProperty("--part", part / widest);
  setText(share, percent(part));
  setText(count, amount);
}
