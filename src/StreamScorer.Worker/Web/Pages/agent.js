import { announce } from "./announcer.js";
import { drawBadge, showTierChange, spokenSummary } from "./badge.js";
import { drawChanges, merged } from "./changes.js";
import { byId, setText } from "./dom.js";
import { drawFigures } from "./figures.js";
import { setUpHeader, showConnection } from "./header.js";
import { clock, dateTime, onLanguageChange, say, useCurrency } from "./language.js";
import { agentPath, customerPath, getJson } from "./requests.js";
import { Stream } from "./stream.js";
import { tierName } from "./tiers.js";
import { drawWelcome, rememberLookedAt } from "./welcome.js";
import { drawReasons, forgetSignals, toggleSignals } from "./why.js";

// Value and rhythm move with every purchase, also where no tier does; and a line that died without a word is noticed by this question.
const refreshMs = 10_000;
const changesMax = 6;

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

function show(id) {
  shown?.stream?.close();
  forgetSignals();
  const mine = shown = { id, profile: null, isKnown: undefined, changes: [], stream: null, state: "connecting", seenAt: null };
  byId("search-id").value = id;
  byId("main").focus();
  draw();
  const takeBadge = badge => mine === shown && take(mine, badge.profile, badge.changes);
  mine.stream = new Stream(`/v1/streams/badges?customer=${encodeURIComponent(id)}`, { badge: takeBadge }, state => mine === shown && showState(mine, state));
}

/** What happened before the screen looked, and while the connection was away. */
async function readChanges(mine) {
  const { body } = await getJson(`/v1/transitions?customer=${encodeURIComponent(mine.id)}&limit=${changesMax}`);
  if (mine !== shown || !body)
    return;
  mine.changes = merged(mine.changes, body.items.map(item => item.data), changesMax);
  draw();
}

/** Takes what the worker says of the customer now. */
function take(mine, profile, changes) {
  const before = mine.profile;
  mine.profile = profile;
  mine.isKnown = profile !== null;
  mine.seenAt = new Date();
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
  // Without a stream this question alone keeps the screen up to date: a worker with too many streams still answers it.
  if (document.hidden || !(mine?.profile || mine?.state === "lost"))
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
  const before = mine.state;
  mine.state = state;
  showConnection(state);
  drawStale();
  if (state === "live")
    readChanges(mine);
  if (state === "lost" && before !== "lost") {
    announce(say("connection.gone"));
    refresh();
  } else if (state === "live" && before === "lost")
    announce(say("connection.back"));
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
    useCurrency(profile.currency);
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
  const { id, isKnown } = shown;
  setText(byId("message-title"), say(isKnown === false ? "agent.unknown" : "agent.loading", { id }));
  setText(byId("message-text"), isKnown === false ? say("agent.unknownText") : "");
}

function drawStale() {
  const isStale = shown?.state === "lost" && shown.profile !== null;
  byId("stale").hidden = !isStale;
  byId("hero").dataset.stale = isStale;
  if (isStale)
    setText(byId("stale"), say("connection.stale", { time: clock(shown.seenAt) }));
}

function tierOf(profile) {
  return profile.tiers[profile.badgeScheme].tier;
}
