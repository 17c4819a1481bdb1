import { byId, element } from "./dom.js";
import { shapeIcon } from "./icons.js";
import { agentPath, getJson } from "./requests.js";
import { tabStorage } from "./storage.js";
import { lookOf, shapeOf, tierName } from "./tiers.js";

const lookedAtMax = 8;
const changedMax = 8;

// Of this browser tab only, and gone when it is closed: a customer id does not stay behind on a shared desk.
let lookedAt = JSON.parse(tabStorage.get("lookedAt") ?? "[]");

/** Remembers a customer for the lists of the start screen and the search field. */
export function rememberLookedAt(id) {
  if (lookedAt[0] === id)
    return;
  lookedAt = [id, ...lookedAt.filter(other => other !== id)].slice(0, lookedAtMax);
  tabStorage.set("lookedAt", JSON.stringify(lookedAt));
  drawIds();
}

/** Draws the start screen: customers looked at lately, and such whose tier has just changed, to have a first look. */
export async function drawWelcome() {
  drawIds();
  byId("looked-at").hidden = lookedAt.length === 0;
  byId("looked-at-list").replaceChildren(...lookedAt.map(id => element("li", {}, element("a", { href: agentPath(id) }, id))));
  const { body } = await getJson("/v1/transitions?scheme=pyramid&limit=100");
  const latest = new Map((body?.items ?? []).map(item => [item.data.customerId, item.data]));
  const picks = [...latest.values()].filter(change => change.to).reverse().slice(0, changedMax);
  byId("changed-now").hidden = picks.length === 0;
  byId("changed-now-list").replaceChildren(...picks.map(({ customerId, scheme, to }) =>
    element("li", {}, element("a", { href: agentPath(customerId), "data-look": lookOf(scheme, to) }, shapeIcon(shapeOf(scheme, to)), customerId, element("small", {}, tierName(scheme, to))))));
}

function drawIds() {
  byId("looked-at-ids").replaceChildren(...lookedAt.map(id => element("option", { value: id })));
}
