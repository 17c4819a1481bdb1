import { announce } from "./announcer.js";
import { drawBadge, showTierChange, spokenSummary } from "./badge.js";
import { drawChanges, merged } from "./changes.js";
import { byId, setText } from "./dom.js";
import { drawFigures } from "./figures.js";
import { setUpHeader, showConnection } from "./header.js";
import { clock, dateTime, onLanguageChange, say } from "./language.js";
import { agentPath, customerPath, getJson } from "./requests.js";
import { Stream } from "./stream.js";
import { tierName } from "./tiers.js";
import { drawWelcome, rememberLookedAt } from "./welcome.js";
import { drawReasons, forgetSignals, toggleSignals } from "./why.js";

// Value and rhythm move with every purchase, also where no tier does; and a line that died without a word is noticed by this question.
const refreshMs = 10_000;
const changesMax = 10;

// The customer on screen: profile null = not known (yet).
let shown = null;

setUpHeader([
  { key: "w", say: "shortcuts.why", run: toggleSignals },
  { key: "[", say: "shortcuts.previous", run: () => history.back() },
  { key: "]", say: "shortcuts.next", run: () => history.forward() },
]);
byId("search").addEventListener("submit", event => {
  event.preventDefault();
  const id = byId("search-id").value.trim();
  if (id === "")
    return;
  if (id !== shown?.id)
    history.pushState(null, "", agentPath(id));
  show(id);
});
addEventListener("popstate", showAddressed);
onLanguageChange(draw);
setInterval(refresh, refreshMs);
showAddressed();

function showAddressed() {
  const id = new URLSearchParams(location.search).get("customer")?.trim();
  if (id)
    show(id);
  else
    leave();
}

function leave() {
  shown?.stream?.close();
  shown = null;
  showConnection("idle");
  draw();
  byId("search-id").focus();
}

async function show(id) {
  shown?.stream?.close();
  forgetSignals();
  const mine = shown = { id, profile: null, changes: [], stream: null, state: "connecting", isKnown: undefined, isRefused: false, lostAt: null };
  byId("search-id").value = id;
  byId("main").focus();
  draw();
  const takeBadge = badge => mine === shown && take(mine, badge.profile, badge.changes);
  mine.stream = new Stream(`/v1/streams/badges?customer=${encodeURIComponent(id)}`, { badge: takeBadge }, state => mine === shown && showState(mine, state));
  const earlier = await getJson(`/v1/transitions?customer=${encodeURIComponent(id)}&limit=${changesMax}`);
  if (mine === shown && earlier.body) {
    mine.changes = merged(mine.changes, earlier.body.items.map(item => item.data), changesMax);
    draw();
  }
}

/** A stream that was refused does not say why; the customer's document does. */
async function learnWhy(mine) {
  const { status } = await getJson(customerPath(mine.id));
  if (mine !== shown || status < 400 || status === 404 || status >= 429)
    return;
  mine.stream.close();
  mine.isRefused = true;
  showConnection("idle");
  draw();
}

/** Takes what the worker says of the customer now. */
function take(mine, profile, changes) {
  const before = mine.profile;
  mine.profile = profile;
  mine.isKnown = profile !== null;
  mine.changes = merged(mine.changes, changes, changesMax);
  draw();
  if (!profile)
    return;
  rememberLookedAt(mine.id);
  if (!before)
    announce(spokenSummary("agent.shown", profile, mine.changes));
  else if (tierOf(before) !== tierOf(profile)) {
    showTierChange();
    announce(spokenSummary("agent.changed", profile, mine.changes));
  }
}

async function refresh() {
  const mine = shown;
  if (!mine?.profile || document.hidden || mine.state === "lost")
    return;
  const { status, body } = await getJson(customerPath(mine.id));
  if (mine !== shown)
    return;
  if (status === 0)
    mine.stream.suspect();
  else if (status === 200 && body.asOf >= (mine.profile?.asOf ?? ""))
    take(mine, body, []);
}

function showState(mine, state) {
  if (state === "lost" && mine.state !== "lost") {
    mine.lostAt = new Date();
    announce(say("connection.gone"));
  } else if (state === "live" && mine.state === "lost")
    announce(say("connection.back"));
  mine.state = state;
  showConnection(state);
  if (state === "lost" && mine.isKnown === undefined)
    learnWhy(mine);
  drawStale();
}

function draw() {
  const profile = shown?.profile ?? null;
  byId("welcome").hidden = shown !== null;
  byId("customer").hidden = profile === null;
  byId("message").hidden = shown === null || profile !== null;
  drawTitle(profile);
  if (shown === null)
    drawWelcome();
  else if (profile === null)
    drawMessage();
  else {
    drawBadge(profile, shown.changes);
    drawFigures(profile);
    drawReasons(profile);
    drawChanges(shown.changes);
    setText(byId("as-of"), say("agent.asOf", { time: dateTime(profile.asOf) }));
    drawStale();
  }
}

function drawTitle(profile) {
  const page = `${say("page.agent")} · StreamScorer`;
  document.title = profile ? `${say("agent.title", { id: shown.id, tier: tierName(profile.badgeScheme, tierOf(profile)) })} · ${page}` : page;
}

function drawMessage() {
  const { id, isKnown, isRefused } = shown;
  const isUnknown = isKnown === false || isRefused;
  setText(byId("message-title"), say(isUnknown ? "agent.unknown" : "agent.loading", { id }));
  setText(byId("message-text"), isRefused ? say("agent.tooLong") : isUnknown ? say("agent.unknownText") : "");
}

function drawStale() {
  const isStale = shown?.state === "lost";
  byId("stale").hidden = !isStale;
  byId("hero").dataset.stale = isStale;
  if (isStale)
    setText(byId("stale"), say("connection.stale", { time: clock(shown.lostAt) }));
}

function tierOf(profile) {
  return profile.tiers[profile.badgeScheme].tier;
}
