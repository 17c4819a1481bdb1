import { byId, element } from "./dom.js";
import { signIcon } from "./icons.js";
import { date, distance, money, say } from "./language.js";
import { agentPath } from "./requests.js";
import { lookOf, schemeName, tierName } from "./tiers.js";

let drawn = "";

/** Draws who falls next if nothing happens, soonest first. */
export function drawFalls({ asOf, items }) {
  const list = byId("falls");
  // Drawn only when there is news, so that a link does not vanish under a finger.
  const now = document.documentElement.lang + JSON.stringify(items.map(({ customerId, at, to }) => [customerId, at, to, at > asOf && distance(asOf, at)]));
  if (now === drawn)
    return;
  drawn = now;
  list.hidden = items.length === 0;
  byId("falls-empty").hidden = items.length > 0;
  list.replaceChildren(...items.map(item => row(item, asOf)));
}

function row({ customerId, scheme, from, to, at, kind, customerValue }, asOf) {
  const tier = name => element("b", { "data-look": lookOf(scheme, name) }, tierName(scheme, name));
  const isPending = kind === "pending-drop";
  return element("li", { "data-direction": isPending ? "drop-pending" : "down" },
    signIcon(isPending ? "drop-pending" : "down"),
    element("a", { href: agentPath(customerId), title: customerId }, customerId),
    element("span", { class: "feed-move" }, tier(from), ...to ? [element("span", { class: "arrow" }, " → "), tier(to)] : []),
    element("small", { class: "feed-why" }, `${schemeName(scheme)} · ${money(customerValue)}`),
    element("time", { datetime: at, title: date(at) }, at > asOf ? distance(asOf, at) : say("board.due")));
}
