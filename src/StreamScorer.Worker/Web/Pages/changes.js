import { byId, element } from "./dom.js";
import { signIcon } from "./icons.js";
import { date, say } from "./language.js";
import { lookOf, schemeName, tierName } from "./tiers.js";

/** Two lists of transitions as one, newest first, each once. */
export function merged(known, added, max) {
  const byIdentity = new Map([...known, ...added].filter(change => change?.scheme).map(change => [`${change.scheme} ${change.sequence} ${change.direction}`, change]));
  return [...byIdentity.values()].sort((a, b) => b.effectiveTime.localeCompare(a.effectiveTime) || b.sequence - a.sequence).slice(0, max);
}

/** Draws the customer's latest transitions, newest first. */
export function drawChanges(changes) {
  byId("no-changes").hidden = changes.length > 0;
  byId("changes").replaceChildren(...changes.map(change => element("li", { "data-direction": change.direction },
    signIcon(change.direction),
    element("span", {}, ...move(change)),
    element("small", {}, `${schemeName(change.scheme)} · ${say(`cause.${change.cause}`)}`),
    element("time", { datetime: change.effectiveTime }, date(change.effectiveTime)))));
}

/** What moved, in words and with an arrow: gold → iron. */
export function move({ scheme, from, to, direction }) {
  const tier = name => element("b", { "data-look": lookOf(scheme, name) }, tierName(scheme, name));
  if (from === to || direction === "enter")
    return [element("span", { class: "direction-word" }, say(`direction.${direction}`)), " ", tier(to)];
  return [element("span", { class: "spoken" }, `${say(`direction.${direction}`)}: `), tier(from), element("span", { class: "arrow" }, " → "), tier(to)];
}
