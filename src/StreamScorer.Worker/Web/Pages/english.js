/** English texts. Tier names that are the published name with spaces for hyphens are not listed. */
export const english = {
  page: { board: "Operations", agent: "Agent", skip: "Skip to the content", main: "Main" },
  search: { label: "Customer id", hint: "Customer id", show: "Show" },
  settings: {
    language: "Switch the language to Chinese", themeAuto: "Theme: as the system", themeLight: "Theme: light", themeDark: "Theme: dark",
    help: "Keyboard shortcuts",
  },
  shortcuts: {
    title: "Keyboard shortcuts", enabled: "Single keys are shortcuts", close: "Close",
    search: "Search for a customer", leave: "Leave the search, close this", previous: "Previous customer looked at", next: "Next customer looked at",
    why: "Show or hide all signals", board: "Operations board", agent: "Agent screen", language: "English or Chinese", theme: "Light, dark or as the system",
    help: "This list", filter: "Next filter of the feed", pause: "Pause or resume the feed",
  },
  connection: {
    connecting: "Connecting", live: "Live", lost: "Connection lost, trying again", stale: "Connection lost. Shown as of {time}.",
    back: "Connection is back.", gone: "Connection lost.",
  },
  schemes: {
    pyramid: "Customer pyramid", absolute: "Absolute value", "relative-value": "Relative value", "value-growth": "Value and growth", "cycle-ticket": "Cycle and ticket",
    "value-response": "Value and response", "value-loyalty": "Value and loyalty", function: "Function", rfm: "Recency, frequency, monetary", pareto: "Pareto",
    churn: "Churn risk", lifecycle: "Life cycle",
  },
  tiers: {
    "value-loyalty": { "dont-over-service": "don’t over-service" },
    "cycle-ticket": { "silver-a": "silver A", "silver-b": "silver B", "silver-c": "silver C" },
  },
  direction: {
    up: "Up", down: "Down", enter: "New", lateral: "Moved", leave: "Left", "drop-pending": "Drop pending", "drop-averted": "Drop averted",
  },
  lately: {
    up: "Up from {from}", down: "Down from {from}", enter: "New here", lateral: "Moved from {from}", leave: "Left {from}",
    "drop-pending": "About to drop", "drop-averted": "Drop averted", none: "No change yet", since: "since {date}",
  },
  cause: { event: "after an event", silence: "by silence", recalibration: "as ranks moved", policy: "by a new policy", erase: "erased" },
  agent: {
    welcome: "Whose call is it?", welcomeText: "Type a customer id. The tier, its direction and what to do appear at once, and change while you talk.",
    lookedAt: "Looked at lately", changedNow: "Changing just now", customer: "Customer", todo: "What to do", unknown: "No events of {id} yet",
    unknownText: "Check the id. If the customer is new, stay here: the screen fills with the first event.", loading: "Looking up {id}",
    title: "{id}: {tier}", asOf: "As of {time}",
    changed: "{id} is now {tier}. {direction}. {advice}", shown: "{id}: {tier}. {direction}. {advice}",
  },
  deadline: {
    title: "If nothing happens", badge: "Falls to {to} on {date}", churn: "Churn risk becomes {to} on {date}", lifecycle: "Enters {to} on {date}",
    pending: "In grace: drops on {date}", pendingTo: "In grace: drops to {to} on {date}",
    estimate: "{when}, as the bounds are now", none: "No change that has a date yet.",
  },
  value: { title: "Customer value", past: "past profit", future: "still expected", split: "{past} past profit, {future} still expected" },
  churn: { title: "Churn risk", gauge: "Churn risk {risk}, {tier}", low: "low", medium: "medium", high: "high", alive: "{alive} likely still a customer" },
  stage: { title: "Life cycle", now: "now" },
  buying: {
    title: "Last purchase", count: "{purchases} purchases on {days} days", rhythm: "about every {days} days", none: "No purchase yet", net: "net revenue {net}",
  },
  why: {
    title: "Why",
    value: "Worth {value}: {past} of past profit, faded with time, and {future} still expected.",
    valuePastOnly: "Worth {value}, all of it past profit: little more is expected.",
    rhythmOnTime: "Buys about every {cycle} days; the last purchase was {ago}.",
    rhythmLate: "Usually buys every {cycle} days, but the last purchase was {ago}.",
    alive: "Is {alive} likely still a customer; {churn} likely to buy nothing for the coming months.",
    growing: "Is growing: recent profit runs at {trend} times the longer rate.",
    shrinking: "Is shrinking: recent profit runs at {trend} times the longer rate.",
    steady: "Buys steadily: recent profit is in line with the longer rate.",
    returns: "Has returned {refunds} of {revenue}.",
    all: "All signals and their arithmetic", signal: "Signal", result: "Value", arithmetic: "Arithmetic", none: "not defined", failed: "The signals could not be read. Close and open to try again.",
  },
  flags: {
    new: "new customer", "new-customer": "new customer", declining: "declining", "price-sensitive": "price-sensitive", unwelcome: "do not trade", reactivated: "came back", problem: "problem customer",
    defector: "defector", deadbeat: "bad credit", unfulfilled: "intends more than buys", "internal-cause": "dissatisfied with us", "competitor-cause": "drawn by a competitor",
  },
  changes: { title: "Recent changes", none: "No published change yet." },
  board: {
    eventsPerSecond: "events a second", lag: "events behind", lagSeconds: "{seconds} s behind", latency: "median latency", latencySlow: "99% within {p99} ms", deadLetters: "dead letters", customers: "customers", clock: "stream clock",
    lagNone: "up to date", milliseconds: "{ms} ms", figures: "Figures", notReady: "Not ready", version: "Version {version}", consumed: "{count} since the start", resident: "{count} in memory", quiet: "none in the last minute", outbox: "{count} waiting for the output",
    pyramid: "Who brings the value", pyramidText: "Share of customers and of value, by tier", ofCustomers: "of customers", ofValue: "of value", byCustomers: "Customers", byValue: "Value",
    row: "{tier}: {customers} customers, {customerShare}; value {value}, {valueShare}", empty: "Waiting for the first customers.",
    lorenz: "How unequal it is", lorenzText: "The best {top} of customers hold {share} of the value", gini: "Gini", pareto: "{share} of customers hold 80% of the value",
    lorenzLabel: "Lorenz curve of customer value. Gini {gini}. The best 20% of customers hold {share}.", axisCustomers: "customers, least valuable first", axisValue: "value",
    equal: "if all were equal",
    feed: "Transitions", feedLabel: "Show", all: "All", up: "Up", down: "Down", notices: "Notices", feedEmpty: "Transitions appear here as they happen.", feedNone: "None of these lately.",
    pause: "Pause", resume: "Resume, {count} new", resumeNone: "Resume", falls: "What falls next", fallsText: "By silence alone", due: "now", fallsEmpty: "Nothing falls soon.",
    schemes: "Other schemes", perMinute: "{count} in the last minute", erased: "erased", averted: "averted", pending: "drops {date}", tier: "Tier",
  },
};
