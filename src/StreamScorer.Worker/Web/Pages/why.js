import { byId, element, setText } from "./dom.js";
import { distance, language, money, onLanguageChange, percent, say } from "./language.js";
import { customerPath, getJson } from "./requests.js";

// Profit within a tenth of its longer rate is no trend; twice the usual cycle without a purchase is worth a word.
const trendBand = 0.1;
const lateCycles = 2;
const dayMs = 86_400_000;

const details = byId("signals");
let customerId = null;
let explained = null;

details.addEventListener("toggle", () => details.open && load());
onLanguageChange(drawSignals);

/** Draws the reasons behind tier and risk, in sentences. */
export function drawReasons(profile) {
  customerId = profile.customerId;
  byId("reasons").replaceChildren(...reasons(profile).map(text => element("li", {}, text)));
}

/** Opens or closes the table of all signals. */
export function toggleSignals() {
  details.open = !details.open;
}

/** Another customer comes: what was explained is not about them. */
export function forgetSignals() {
  explained = null;
  details.open = false;
  byId("signals-table").replaceChildren();
}

function reasons({ signals, history, asOf }) {
  const { customerValue, decayedProfit, residualValue, aliveProbability, churnRisk, trend, cycleDays } = signals;
  const hasFuture = residualValue >= 0.005 * Math.abs(customerValue);
  const lines = [say(hasFuture ? "why.value" : "why.valuePastOnly", { value: money(customerValue), past: money(decayedProfit), future: money(residualValue) })];
  if (history.purchaseDays > 1) {
    const silentDays = (new Date(asOf) - new Date(history.lastPurchase)) / dayMs;
    lines.push(say(silentDays > lateCycles * cycleDays ? "why.rhythmLate" : "why.rhythmOnTime", { cycle: Math.round(cycleDays), ago: distance(asOf, history.lastPurchase) }));
  }
  lines.push(say("why.alive", { alive: percent(aliveProbability), churn: percent(churnRisk) }));
  if (history.purchaseDays > 2)
    lines.push(say(trend > 1 + trendBand ? "why.growing" : trend < 1 - trendBand ? "why.shrinking" : "why.steady", { trend: trend.toFixed(trend < 0.1 ? 2 : 1) }));
  if (history.refunds > 0)
    lines.push(say("why.returns", { refunds: money(history.refunds), revenue: money(history.revenue) }));
  return lines;
}

async function load() {
  const id = customerId;
  const { body } = await getJson(customerPath(id, "/explanation"));
  if (id !== customerId || !details.open)
    return;
  explained = body?.signals ?? [];
  drawSignals();
}

function drawSignals() {
  if (explained === null)
    return;
  const table = byId("signals-table");
  if (explained.length === 0) {
    table.replaceChildren(element("p", { class: "caption" }, say("why.failed")));
    return;
  }
  const head = ["why.signal", "why.result", "why.arithmetic"].map(key => element("th", { scope: "col" }, say(key)));
  table.replaceChildren(element("table", {}, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...explained.map(row))));
}

function row(signal) {
  const words = signal.name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
  const name = language() === "zh" ? signal.chineseName : words;
  const result = element("td", { class: "result" });
  setText(result, signal.word ?? (signal.value === null ? say("why.none") : `${Number(signal.value.toPrecision(6))} ${signal.unit}`.trim()));
  return element("tr", {}, element("th", { scope: "row" }, name), result, element("td", {}, signal.arithmetic));
}
