import { language, say, sayIfKnown } from "./language.js";

// How a tier looks: its colour (data-look in the style sheets) and its silhouette. Tiers of other schemes borrow the look of what they resemble.
const looks = {
  platinum: "platinum", gold: "gold", iron: "iron", lead: "lead",
  jade: "platinum", silver: "iron", bronze: "lead", "silver-a": "iron", "silver-b": "iron", "silver-c": "iron", developing: "lead", adjusting: "lead",
  high: "platinum", secondary: "gold", potential: "iron", low: "lead", best: "platinum", golden: "gold", champions: "platinum", vital: "platinum", useful: "lead",
};
const shapes = { platinum: "stone", gold: "star", iron: "nut", lead: "weight", none: "ring" };

// A stage or a risk is no rank among customers, and a high risk must not shine like a high value.
const plainSchemes = ["churn", "lifecycle"];

/** Name of the look of a tier. */
export const lookOf = (scheme, tier) => plainSchemes.includes(scheme) ? "none" : looks[tier] ?? "none";

/** Name of the silhouette of a tier. */
export const shapeOf = (scheme, tier) => shapes[lookOf(scheme, tier)];

/** The tier in the reader's language, small letters in English. */
export const tierName = (scheme, tier) => sayIfKnown(`tiers.${scheme}.${tier}`) ?? tier.replaceAll("-", " ");

/** The scheme in the reader's language. */
export const schemeName = scheme => sayIfKnown(`schemes.${scheme}`) ?? scheme.replaceAll("-", " ");

/** The texts of a strategy in the reader's language, the first one first. */
export const adviceTexts = strategy => (strategy?.advice ?? []).map(advice => language() === "zh" ? advice.chinese : advice.english);

/** What silence brings and when, in words: of the badge scheme, churn or lifecycle. */
export function deadlineText({ scheme, to }, badgeScheme, date) {
  return say(`deadline.${scheme === badgeScheme ? "badge" : scheme}`, { to: tierName(scheme, to), date });
}
