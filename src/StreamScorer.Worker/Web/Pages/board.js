import { announce } from "./announcer.js";
import { byId } from "./dom.js";
import { drawFalls } from "./falls.js";
import { Feed } from "./feed.js";
import { setUpHeader, showConnection } from "./header.js";
import { onLanguageChange, say, useCurrency } from "./language.js";
import { Lorenz } from "./lorenz.js";
import { drawPyramid, drawSchemes } from "./pyramid.js";
import { agentPath, getJson } from "./requests.js";
import { drawStatus } from "./status.js";
import { Stream } from "./stream.js";

const statusEveryMs = 1_000;
const populationEveryMs = 2_000;
const recentTransitions = 60;
const fallsMax = 40;

const lorenz = new Lorenz(byId("lorenz"));
const feed = new Feed();
const latest = { status: null, population: null, falls: null };
let connection = "connecting";

setUpHeader([
  { key: "f", say: "shortcuts.filter", run: () => feed.nextFilter() },
  { key: "p", say: "shortcuts.pause", run: () => feed.togglePause() },
]);
byId("search").addEventListener("submit", event => {
  event.preventDefault();
  const id = byId("search-id").value.trim();
  if (id !== "")
    location.assign(agentPath(id));
});
onLanguageChange(() => {
  draw();
  feed.draw();
});

const stream = new Stream(`/v1/streams/transitions?recent=${recentTransitions}`, { transition: (event, isNews) => feed.add(event, isNews) }, state => {
  if (state === "lost" && connection !== "lost")
    announce(say("connection.gone"));
  else if (state === "live" && connection === "lost")
    announce(say("connection.back"));
  connection = state;
  showConnection(state);
});

every(statusEveryMs, async () => {
  const { status, body } = await getJson("/v1/status");
  if (status === 0)
    stream.suspect();
  latest.status = body ?? latest.status;
  draw();
});
every(populationEveryMs, async () => {
  const [population, falls] = await Promise.all([getJson("/v1/population"), getJson(`/v1/deadlines?limit=${fallsMax}`)]);
  latest.population = population.body ?? latest.population;
  latest.falls = falls.body ?? latest.falls;
  draw();
});

function draw() {
  const { status, population, falls } = latest;
  if (population)
    useCurrency(population.currency);
  drawStatus(status, population);
  if (population?.customers > 0) {
    drawPyramid(population);
    drawSchemes(population);
    lorenz.draw(population.value);
  }
  if (population && falls)
    drawFalls(falls);
}

/** Asks at once and then at a pace, the next time not before an answer; not while nobody looks. */
async function every(pauseMs, ask) {
  if (!document.hidden)
    await ask();
  setTimeout(() => every(pauseMs, ask), pauseMs);
}
