import { byId, element, setText } from "./dom.js";
import { compact, dateTime, duration, say, whole } from "./language.js";

const names = ["eventsPerSecond", "lag", "latency", "deadLetters", "customers", "clock"];
const cells = new Map();

/** Draws the row of figures: how the worker does, and what it knows. */
export function drawStatus(status, population) {
  if (cells.size === 0)
    build();
  for (const name of names) {
    setText(cells.get(name).term, say(`board.${name}`));
    const [figure, caption, alarm] = figureOf(name, status, population);
    setText(cells.get(name).figure, figure);
    setText(cells.get(name).caption, caption);
    cells.get(name).cell.dataset.alarm = alarm ?? false;
  }
  const notReady = byId("not-ready");
  notReady.hidden = status?.ready !== false;
  setText(notReady, status?.ready === false ? `${say("board.notReady")}: ${status.notReady.join("; ")}` : "");
}

function figureOf(name, status, population) {
  if (name === "customers")
    return population ? [whole(population.customers), status ? say("board.resident", { count: whole(status.residentCustomers) }) : ""] : ["–", ""];
  if (name === "clock")
    return population?.clock ? [dateTime(population.clock), ""] : ["–", ""];
  if (!status)
    return ["–", ""];
  if (name === "eventsPerSecond")
    return [whole(status.eventsPerSecond), say("board.consumed", { count: compact(status.consumed) })];
  if (name === "lag")
    return [whole(status.lagRecords), status.lagRecords === 0 ? say("board.lagNone") : say("board.lagBehind", { time: duration(1_000 * status.lagSeconds, "seconds") }), status.lagSeconds > 60];
  if (name === "deadLetters")
    return [whole(status.deadLetters), "", status.deadLetters > 0];
  return status.latencyMs
    ? [duration(status.latencyMs.p50), say("board.latencySlow", { p99: duration(status.latencyMs.p99) })]
    : ["–", say("board.quiet")];
}

function build() {
  for (const name of names) {
    const term = element("dt"), figure = element("dd", { class: "number" }), caption = element("dd", { class: "caption" });
    const cell = element("div", { class: "card", "data-figure": name }, term, figure, caption);
    cells.set(name, { cell, term, figure, caption });
    byId("figures").append(cell);
  }
}
