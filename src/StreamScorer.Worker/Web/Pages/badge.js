import { byId, element, setText } from "./dom.js";
import { shapeIcon, signIcon } from "./icons.js";
import { date, distance, say, sayIfKnown } from "./language.js";
import { adviceTexts, deadlineText, lookOf, schemeName, shapeOf, tierName } from "./tiers.js";

const flashMs = 1_200;
const notices = ["drop-pending", "drop-averted"];

/** Draws what must be seen within a second: the tier, its direction, what to do, and when it falls. */
export function drawBadge(profile, changes) {
  const scheme = profile.badgeScheme;
  const { tier } = profile.tiers[scheme];
  const badge = byId("badge");
  byId("hero").dataset.look = lookOf(scheme, tier);
  if (badge.dataset.tier !== tier) {
    badge.dataset.tier = tier;
    byId("badge-shape").replaceChildren(shapeIcon(shapeOf(scheme, tier)));
  }
  setText(byId("badge-scheme"), schemeName(scheme));
  setText(byId("badge-name"), tierName(scheme, tier));
  setText(byId("customer-id"), profile.customerId);
  drawDirection(profile, changes);
  drawAdvice(profile);
  drawDeadline(profile);
  // When this was on screen, on the page's own clock: for whoever measures from event to eye.
  badge.dataset.shownAt = new Date().toISOString();
}

/** Draws the eye to a tier that has just changed. */
export function showTierChange() {
  if (!matchMedia("(prefers-reduced-motion: reduce)").matches)
    byId("badge").animate([{ filter: "brightness(1.5)", transform: "scale(1.02)" }, { filter: "none", transform: "none" }], { duration: flashMs, easing: "ease-out" });
}

/** The same in one sentence, for the ear. */
export function spokenSummary(key, profile, changes) {
  const tier = tierName(profile.badgeScheme, profile.tiers[profile.badgeScheme].tier);
  const change = lastMove(profile, changes);
  return say(key, { id: profile.customerId, tier, direction: change ? lately(change) : say("lately.none"), advice: adviceTexts(profile.strategy)[0] ?? "" });
}

// A move that does not end at the held tier is not the last one: the news of that is on its way.
function lastMove({ badgeScheme, tiers }, changes) {
  const move = changes.find(change => change.scheme === badgeScheme && !notices.includes(change.direction));
  return move?.to === tiers[badgeScheme].tier ? move : null;
}

function lately(change) {
  return say(`lately.${change.direction}`, { from: tierName(change.scheme, change.from) });
}

function drawDirection(profile, changes) {
  const held = profile.tiers[profile.badgeScheme];
  const change = lastMove(profile, changes);
  const words = change ? lately(change) : held.since ? say("lately.since", { date: date(held.since) }) : say("lately.none");
  const when = change ? `${date(change.effectiveTime)} · ${say(`cause.${change.cause}`)}` : "";
  const direction = byId("direction");
  direction.dataset.direction = change?.direction ?? "none";
  direction.replaceChildren(signIcon(change?.direction ?? "none"), element("span", {}, element("b", {}, words), when && element("small", {}, when)));
}

function drawAdvice(profile) {
  const [first, ...more] = adviceTexts(profile.strategy);
  setText(byId("todo"), first ?? "");
  byId("todo-more").replaceChildren(...more.map(text => element("li", {}, text)));
  byId("flags").replaceChildren(...(profile.flags ?? []).map(flag => element("li", { "data-flag": flag }, sayIfKnown(`flags.${flag}`) ?? flag.replaceAll("-", " "))));
}

function drawDeadline(profile) {
  const { badgeScheme, nextChange, fallAtCurrentBounds, asOf } = profile;
  const dropAt = profile.tiers[badgeScheme].dropAt;
  // Gold in another scheme is not the gold of the badge: such a change would only confuse.
  const told = dropAt ? [badgeScheme] : [badgeScheme, "churn", "lifecycle"];
  const next = (fallAtCurrentBounds?.scheme === badgeScheme ? fallAtCurrentBounds : null) ?? (told.includes(nextChange?.scheme) ? nextChange : null);
  const at = dropAt ?? next?.at ?? null;
  const isEstimate = next !== null && next === fallAtCurrentBounds;
  const deadline = byId("deadline");
  deadline.dataset.kind = dropAt ? "pending" : at ? "silence" : "none";
  byId("deadline-sign").replaceChildren(signIcon(dropAt ? "drop-pending" : "calendar"));
  let text = say("deadline.none");
  if (dropAt)
    text = say(next ? "deadline.pendingTo" : "deadline.pending", { date: date(dropAt), to: next ? tierName(badgeScheme, next.to) : "" });
  else if (next)
    text = deadlineText(next, badgeScheme, date(next.at));
  byId("deadline-text").replaceChildren(element("b", {}, text), at ? element("small", {}, isEstimate ? say("deadline.estimate", { when: distance(asOf, at) }) : distance(asOf, at)) : "");
}
