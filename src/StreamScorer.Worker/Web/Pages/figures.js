import { byId, element, setText } from "./dom.js";
import { Gauge } from "./gauge.js";
import { distance, money, percent, say } from "./language.js";
import { tierName } from "./tiers.js";

const stages = ["acquisition", "growth", "maturity", "decline", "exited"];
const gauge = new Gauge(byId("gauge"));

/** Draws the four figures below the badge. */
export function drawFigures(profile) {
  drawValue(profile.signals);
  const { tier } = profile.tiers.churn ?? { tier: "unranked" };
  const risk = percent(profile.signals.churnRisk);
  gauge.draw(profile.signals.churnRisk, tier, risk, tierName("churn", tier));
  byId("gauge").setAttribute("aria-label", say("churn.gauge", { risk, tier: tierName("churn", tier) }));
  setText(byId("alive"), say("churn.alive", { alive: percent(profile.signals.aliveProbability) }));
  drawStages(profile.stage);
  drawBuying(profile);
}

function drawValue({ customerValue, decayedProfit, residualValue }) {
  setText(byId("value"), money(customerValue));
  const past = Math.max(0, decayedProfit), future = Math.max(0, residualValue);
  const total = past + future || 1;
  byId("value-past").style.flexGrow = past / total;
  byId("value-future").style.flexGrow = future / total;
  setText(byId("value-text"), say("value.split", { past: money(decayedProfit), future: money(residualValue) }));
}

function drawStages(stage) {
  // Before the first purchase, and beyond good relations, a customer is on none of the five steps.
  const steps = stage === "prospect" ? [stage, ...stages] : stage === "harmful" ? [...stages, stage] : stages;
  const current = steps.indexOf(stage);
  byId("stages").replaceChildren(...steps.map((name, i) =>
    element("li", { "data-stage": name, "data-passed": i < current, "aria-current": i === current ? "step" : null }, element("span", {}, tierName("lifecycle", name)))));
}

function drawBuying({ history, signals, asOf }) {
  if (history.purchases === 0) {
    setText(byId("buying"), "–");
    setText(byId("buying-text"), say("buying.none"));
    return;
  }
  setText(byId("buying"), distance(asOf, history.lastPurchase));
  const parts = [say("buying.count", { purchases: history.purchases, days: history.purchaseDays }), say("buying.net", { net: money(history.netRevenue) })];
  if (history.purchaseDays > 1)
    parts.splice(1, 0, say("buying.rhythm", { days: Math.round(signals.cycleDays) }));
  setText(byId("buying-text"), parts.join("\u00a0· "));
}
